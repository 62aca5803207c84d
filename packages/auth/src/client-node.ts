import type { KubeConfig } from "@kubernetes/client-node";
import type { Credentials } from "./credentials.ts";
import { isLoopback } from "./loopback.ts";

/**
 * A KubeConfig of @kubernetes/client-node with these credentials, for any of its APIs. client-node is imported here, when it is
 * asked for.
 *
 * Each request, watch and WebSocket asks the credentials for the token, so that rotated ones are sent; requests and watches ask
 * them for authority, certificate and server name too. WebSockets (exec, attach, port-forward) keep those of the first one, since
 * client-node keeps its agent. It tells nobody of a 401, so that no token is read anew for it: a file that rotated is read
 * within 10 s.
 *
 * Rejects as the credentials do, and where the server is plain http on another machine, to which client-node doesn't talk. Later on
 * what can't be read stays as it was last read, for the server to judge: client-node's informers ask outside of
 * any try, and a rejection there would end the process (ListWatch.doneHandler and Watch.watch of 2.0.1).
 */
export async function toKubeConfig(credentials: Credentials): Promise<KubeConfig> {
  const { server, namespace, source: name } = credentials;
  const plain = server.startsWith("http:");
  if (plain && !isLoopback(server))
    throw new Error(
      `@kubernetes/client-node talks plain http on loopback only, and ${server} is another machine: use https, or an ambassador on this one`,
    );
  let last = await read(credentials);
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.addAuthenticator({
    isAuthProvider: (user) => user.name === name,
    async applyAuthentication(_user, options) {
      last = await read(credentials).catch(() => last);
      const { token, tls } = last;
      Object.assign(options, plain ? withoutTls : tls);
      if (token !== undefined) options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
    },
  });
  config.loadFromOptions({
    // client-node refuses http without it, and there is no TLS to verify
    clusters: [{ name, server, skipTLSVerify: plain }],
    users: [{ name }],
    contexts: [{ name, cluster: name, user: name, namespace }],
    currentContext: name,
  });
  return config;
}

/** Takes back that skipTLSVerify turned verification off: it is on again should an answer redirect to https. */
const withoutTls = { rejectUnauthorized: undefined };

async function read(credentials: Credentials) {
  const [token, tls] = await Promise.all([credentials.token(), credentials.tls()]);
  const { ca, cert, key, serverName, insecureSkipTLSVerify } = tls;
  return {
    token,
    /** In the words of node:tls; what is undefined counts as not given. */
    tls: { ca, cert, key, servername: serverName, rejectUnauthorized: !insecureSkipTLSVerify },
  };
}
