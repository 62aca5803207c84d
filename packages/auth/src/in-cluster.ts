import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { readAuthorityFile, readTokenFile } from "./credential-file.ts";
import type { Credentials, ReadOptions, TlsCredentials } from "./credentials.ts";
import { rotating } from "./rotating.ts";
import { stable } from "./stable.ts";
import { warningsOf } from "./warnings.ts";

/** A pod's service account, as the kubelet mounts it. Its files rotate: they are read at most every 10 s. */
export interface ServiceAccount {
  /** The directory of `token`, `ca.crt` and `namespace`. */
  readonly directory: string;
  /** Doesn't verify the server; `ca.crt` may be missing then. */
  readonly insecureSkipTLSVerify?: boolean;
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

/** The namespace that the kubelet has written beside the token; undefined where no service account is mounted. */
async function mountedNamespace(directory: string): Promise<string | undefined> {
  const text = await readFile(join(directory, "namespace"), "utf8").catch(() => "");
  return text.trim() || undefined;
}

/**
 * The namespace of the pod that this process runs in: that of the service account where one is mounted, else POD_NAMESPACE, which a
 * manifest may set by the Downward API; undefined where neither is there, as outside a pod.
 */
export async function podNamespace(
  env: Readonly<Record<string, string | undefined>>,
  directory = serviceAccountDirectory,
): Promise<string | undefined> {
  return (await mountedNamespace(directory)) ?? (env["POD_NAMESPACE"] || undefined);
}

async function inCluster(server: string, source: string, account: ServiceAccount): Promise<Credentials> {
  const { directory, insecureSkipTLSVerify = false, now } = account;
  const token = rotating(() => readTokenFile(join(directory, "token")), now);
  const ca = rotating(() => readAuthorityFile(join(directory, "ca.crt")), now);
  const same = stable<TlsCredentials>();
  const tls = async (options?: ReadOptions): Promise<TlsCredentials> =>
    same(insecureSkipTLSVerify ? { insecureSkipTLSVerify } : { ca: await ca(options), insecureSkipTLSVerify });
  await token();
  await tls();
  return {
    server,
    namespace: (await mountedNamespace(directory)) ?? "default",
    source,
    warnings: warningsOf(server, insecureSkipTLSVerify),
    tls,
    token,
  };
}
