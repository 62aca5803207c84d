import { delimiter } from "node:path";
import type { KubeConfig, User } from "@kubernetes/client-node";
import type { Credentials, TlsCredentials, ReadOptions } from "./credentials.ts";
import { type KubeconfigEntry, readKubeconfig } from "./kubeconfig-files.ts";
import { tokenFile } from "./token-file.ts";

export interface KubeconfigOptions {
  /** A context by name; the current one without it. */
  readonly context?: string;
  /** Milliseconds, of any epoch. */
  readonly now: () => number;
}

/** What a user proves itself with: a token, a certificate with its key, or both. */
interface Proof {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Credentials of one context of kubeconfig files, merged as kubectl does. Client certificates, tokens, token files, and through
 * client-node exec plugins and OIDC. A fresh token reads the files again and asks the plugin anew, in the same context
 * whatever the current one is by then. Certificates are read once. Rejects, rather than act as someone else, when the
 * context wants what we can't do: basic auth (gone since Kubernetes 1.19), impersonation, a proxy.
 */
export async function fromKubeconfig(files: readonly string[], options: KubeconfigOptions): Promise<Credentials> {
  let entry = await readKubeconfig(files, options.context);
  const { context, cluster, tokenPath } = entry;
  const source = `kubeconfig ${files.join(delimiter)}, context ${context.name}`;
  refuseUnsupported(entry, source);
  const tls = await tlsOf(entry, await prove(entry));
  const current = shareWhilePending(async () => (await prove(entry)).token);
  const renewed = shareWhilePending(async () => {
    entry = await readKubeconfig(files, context.name);
    return (await prove(entry)).token;
  });
  return {
    server: cluster.server.replace(/\/+$/, ""),
    warnings: [],
    tls: () => Promise.resolve(tls),
    namespace: context.namespace ?? "default",
    source,
    token:
      tokenPath === undefined
        ? ({ fresh = false }: ReadOptions = {}) => (fresh ? renewed() : current())
        : tokenFile(tokenPath, options.now),
  };
}

function refuseUnsupported({ cluster, user }: KubeconfigEntry, source: string): void {
  const refuse = (what: string, instead: string): never => {
    throw new Error(`${source}: ${what} is not supported: ${instead}`);
  };
  if (!/^https?:\/\//.test(cluster.server)) refuse(`the server address ${cluster.server}`, "begin it with https://");
  if (cluster.proxyUrl) refuse("proxy-url", "use a context that reaches the API server directly");
  if (user?.impersonateUser) refuse("impersonation (as)", "use a context of the user to act as");
  if (user?.username) refuse("a user name with a password", "use a token or a client certificate");
}

async function prove({ config, user }: KubeconfigEntry): Promise<Proof> {
  if (user?.exec || user?.authProvider) return askPlugin(config, user);
  return user?.token ? { token: user.token } : {};
}

/** Runs the exec plugin or auth provider, unless client-node still has its last answer and that hasn't expired. */
async function askPlugin(config: KubeConfig, user: User): Promise<Proof> {
  const plugin = user.exec?.command ?? user.authProvider?.name;
  const answer: Proof & { readonly headers: Record<string, string> } = { headers: {} };
  try {
    await config.applyToHTTPSOptions(answer);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.trim() : String(cause);
    const hint = user.exec?.installHint ? `\n${user.exec.installHint}` : "";
    throw new Error(`the credential plugin ${plugin} of user ${user.name} failed: ${words}${hint}`, { cause });
  }
  const token = answer.headers["Authorization"]?.replace(/^Bearer /, "").trim();
  const { cert, key } = answer;
  if (!token && !cert)
    throw new Error(`the credential plugin ${plugin} gave neither token nor certificate: log in again`);
  return {
    ...(token ? { token } : {}),
    ...(cert && key ? { cert, key } : {}),
  };
}

async function tlsOf({ cluster, user }: KubeconfigEntry, proof: Proof): Promise<TlsCredentials> {
  const { bufferFromFileOrString } = await import("@kubernetes/client-node");
  const pem = (file?: string, data?: string): string | undefined => bufferFromFileOrString(file, data)?.toString();
  const ca = pem(cluster.caFile, cluster.caData);
  const cert = proof.cert ?? pem(user?.certFile, user?.certData);
  const key = proof.key ?? pem(user?.keyFile, user?.keyData);
  return {
    insecureSkipTLSVerify: cluster.skipTLSVerify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster.tlsServerName ? { serverName: cluster.tlsServerName } : {}),
  };
}

/** Calls that come while one is under way get its answer: fifty requests must not start fifty plugins. */
function shareWhilePending<T>(ask: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => {
    pending ??= ask().finally(() => {
      pending = undefined;
    });
    return pending;
  };
}
