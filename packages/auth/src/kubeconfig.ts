import { delimiter } from "node:path";
import type { Credentials, ReadOptions, TlsCredentials } from "./credentials.ts";
import { type KubeconfigEntry, readKubeconfig } from "./kubeconfig-files.ts";
import { type Login, logIn, type LoginOptions } from "./login.ts";
import { shareWhilePending } from "./share-while-pending.ts";
import { stable } from "./stable.ts";
import { warningsOf } from "./warnings.ts";

export interface KubeconfigOptions extends LoginOptions {
  /** A context by name; the current one without it. */
  readonly context?: string;
}

/** A refused request asks for a fresh token, then for fresh certificates, and fifty may be refused at once: that is one renewal. */
const renewalLastsMs = 1_000;

/**
 * Credentials of one context of kubeconfig files, merged as kubectl does. Client certificates, tokens, token files, and through
 * client-node exec plugins and OIDC. Files that the kubeconfig names are read at most every 10 s and what is wrong with one of
 * them then leaves the last good in force. `fresh` reads the kubeconfig itself again and asks the plugin anew, unless that was
 * done within the last second, in the same context whatever the current one is by then. Rejects, rather than act as someone
 * else, when the context wants what we can't do: basic auth (gone since Kubernetes 1.19), impersonation, a proxy.
 */
export async function fromKubeconfig(files: readonly string[], options: KubeconfigOptions): Promise<Credentials> {
  const entry = await readKubeconfig(files, options.context);
  const { context, cluster } = entry;
  const source = `kubeconfig ${files.join(delimiter)}, context ${context.name}`;
  refuseUnsupported(entry, source);
  const server = serverOf(entry);
  let login = await logIn(entry, options);
  let renewedAt = Number.NEGATIVE_INFINITY;
  const renew = shareWhilePending(async () => {
    if (options.now() - renewedAt < renewalLastsMs) return;
    const again = await readKubeconfig(files, context.name);
    refuseUnsupported(again, source);
    if (serverOf(again) !== server)
      throw new Error(
        `${source}: its server is ${serverOf(again)} by now, and we are connected to ${server}: start again`,
      );
    login = await logIn(again, options);
    renewedAt = options.now();
  });
  const current = async ({ fresh = false }: ReadOptions): Promise<Login> => {
    if (fresh) await renew();
    return login;
  };
  const same = stable<TlsCredentials>();
  return {
    server,
    namespace: context.namespace ?? "default",
    source,
    warnings: warningsOf(server, options.insecureSkipTLSVerify || cluster.skipTLSVerify),
    tls: async (readOptions = {}) => same(await (await current(readOptions)).tls(readOptions)),
    token: async (readOptions = {}) => (await current(readOptions)).token(readOptions),
  };
}

function serverOf({ cluster }: KubeconfigEntry): string {
  return cluster.server.replace(/\/+$/, "");
}

function refuseUnsupported({ cluster, user }: KubeconfigEntry, source: string): void {
  const refuse = (what: string, instead: string): never => {
    throw new Error(`${source}: ${what} is not supported: ${instead}`);
  };
  if (!/^https?:\/\//.test(cluster.server) || !URL.canParse(cluster.server))
    refuse(`the server address ${cluster.server}`, "begin it with https://");
  if (cluster.proxyUrl) refuse("proxy-url", "use a context that reaches the API server directly");
  if (user?.impersonateUser) refuse("impersonation (as)", "use a context of the user to act as");
  if (user?.username) refuse("a user name with a password", "use a token or a client certificate");
}
