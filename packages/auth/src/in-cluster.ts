import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { Credentials } from "./credentials.ts";
import { tokenFile } from "./token-file.ts";

/** A pod's service account, as the kubelet mounts it. */
export interface ServiceAccount {
  /** The directory of `token`, `ca.crt` and `namespace`. */
  readonly directory: string;
  /** Milliseconds, of any epoch. */
  readonly now: () => number;
}

/** Where the kubelet mounts a pod's service account. */
export const serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

const dnsName = "kubernetes.default.svc";

/**
 * The API server that the kubelet names in each container's environment (client-go's rest.InClusterConfig). Rejects with the
 * reason when this isn't a pod, or has no service account.
 */
export async function inClusterByEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  account: ServiceAccount,
): Promise<Credentials> {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"];
  if (!host || !port) throw new Error("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: not in a pod");
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return inCluster(server, "in-cluster (environment)", account);
}

/**
 * The API server by its name in the cluster's DNS, for pods whose environment was cleared. Asks for the name only when there is
 * a service account token, since outside a pod the question would leave the machine.
 */
export async function inClusterByDns(
  lookup: (name: string) => Promise<unknown>,
  account: ServiceAccount,
): Promise<Credentials> {
  const credentials = await inCluster(`https://${dnsName}`, "in-cluster (DNS)", account);
  await lookup(dnsName).catch((cause: unknown) => {
    throw new Error(`${dnsName} has no address (${String(cause)})`, { cause });
  });
  return credentials;
}

async function inCluster(server: string, source: string, { directory, now }: ServiceAccount): Promise<Credentials> {
  const token = tokenFile(join(directory, "token"), now);
  await token();
  const caPath = join(directory, "ca.crt");
  const ca = await readFile(caPath, "utf8").catch((cause: unknown) => {
    throw new Error(`cannot read the cluster's authority ${caPath}: mount the whole service account`, { cause });
  });
  const namespace = await readFile(join(directory, "namespace"), "utf8").catch(() => "");
  const tls = { ca, insecureSkipTLSVerify: false };
  return {
    server,
    namespace: namespace.trim() || "default",
    source,
    warnings: [],
    tls: () => Promise.resolve(tls),
    token,
  };
}
