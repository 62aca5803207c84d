export { startControlPlane } from "./control-plane.ts";
export type { Access, ControlPlane, ControlPlaneOptions } from "./control-plane.ts";
export type { User } from "./user.ts";

// To run Kubernetes' own programs: kubectl, and the downward-oracle of the differential tests.
export { findBinary } from "./find-binary.ts";
export type { FindOptions } from "./find-binary.ts";
export type { BinaryName } from "./program.ts";
