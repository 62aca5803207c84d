export { fromKubeconfig } from "./kubeconfig.ts";
export { inClusterByDns, inClusterByEnvironment } from "./in-cluster.ts";
export { resolve } from "./resolve.ts";

export type { Credentials, TlsCredentials, ReadOptions } from "./credentials.ts";
export type { ServiceAccount } from "./in-cluster.ts";
export type { KubeconfigOptions } from "./kubeconfig.ts";
export type { ResolveOptions } from "./resolve.ts";
