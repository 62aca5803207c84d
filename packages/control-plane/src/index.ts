export { startControlPlane } from "./control-plane.ts";
export { kubeconfig } from "./kubeconfig.ts";
export type { AuditRule } from "./audit.ts";
export type { Access, ControlPlane, ControlPlaneOptions } from "./control-plane.ts";
export type { Login } from "./kubeconfig.ts";
export type { User } from "./user.ts";

// To run Kubernetes' own programs: kubectl, the downward-oracle of the differential tests, what a cluster is made of; and those of
// other Go modules.
export { findBinary } from "./find-binary.ts";
export type { FindOptions } from "./find-binary.ts";
export type { BinaryName, Program } from "./program.ts";

// To keep what is made of others' sources beside them.
export { cacheDirectory, ensureBuilt } from "./build-cache.ts";
export type { CachedBuild, Report } from "./build-cache.ts";

// To wait for what they do.
export { lastLines } from "./last-lines.ts";
export { poll } from "./poll.ts";
export type { PollOptions } from "./poll.ts";

// To be a server that is no API server, and yet trusted or not.
export { createAuthority } from "./authority.ts";
export { freePort, onFreePort } from "./free-port.ts";
export type { Authority, ServerCertificate } from "./authority.ts";
