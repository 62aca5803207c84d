export { startControlPlane } from "./control-plane.ts";
export { kubeconfig } from "./kubeconfig.ts";
export type { Access, ControlPlane, ControlPlaneOptions } from "./control-plane.ts";
export type { Login } from "./kubeconfig.ts";
export type { User } from "./user.ts";

// To run Kubernetes' own programs: kubectl, the downward-oracle of the differential tests, what a cluster is made of.
export { findBinary } from "./find-binary.ts";
export type { FindOptions } from "./find-binary.ts";
export type { BinaryName } from "./program.ts";

// To wait for what they do.
export { poll } from "./poll.ts";
export type { PollOptions } from "./poll.ts";

// To be a server that is no API server, and yet trusted or not.
export { createAuthority } from "./authority.ts";
export type { Authority, ServerCertificate } from "./authority.ts";
