export { fromKubeconfig } from "./kubeconfig.ts";
export { inClusterByDns, inClusterByEnvironment, podNamespace } from "./in-cluster.ts";
export { resolve } from "./resolve.ts";
export { throughAmbassador } from "./ambassador.ts";
export { toKubeConfig } from "./client-node.ts";
export { describePermission, missingPermissions } from "./permissions.ts";
export { explainMissing } from "./permission-rules.ts";

export type { Credentials, TlsCredentials, ReadOptions } from "./credentials.ts";
export type { AmbassadorOptions } from "./ambassador.ts";
export type { ServiceAccount } from "./in-cluster.ts";
export type { KubeconfigOptions } from "./kubeconfig.ts";
export type { Permission, ReviewApi } from "./permissions.ts";
export type { ResolveOptions } from "./resolve.ts";
