import type { Credentials } from "./credentials.ts";
import { warningsOf } from "./warnings.ts";

export interface AmbassadorOptions {
  /** Where it listens, with a path prefix if it has one (`--api-prefix`); `http://localhost:8001` by default, kubectl proxy's own. */
  readonly server?: string;
  /** The namespace to work in where nothing else names one; `default` by default. */
  readonly namespace?: string;
}

/**
 * Credentials for an ambassador: a process beside us, our own or `kubectl proxy`, that speaks plain http on loopback and proves itself to
 * the API server. There is neither token nor authority here: who reaches the ambassador has its rights. On another machine than
 * ours that is a warning. Throws where the address is no such one, and says what to give instead.
 */
export function throughAmbassador(options: AmbassadorOptions = {}): Credentials {
  const { namespace = "default" } = options;
  const server = addressOf(options.server ?? "http://localhost:8001");
  const tls = { insecureSkipTLSVerify: false };
  return {
    server,
    namespace,
    source: `ambassador ${server}`,
    warnings: warningsOf(server),
    tls: () => Promise.resolve(tls),
    token: () => Promise.resolve(undefined),
  };
}

/** The address without the slashes at its end. An error repeats no more of it than the origin: there may be a password in it. */
function addressOf(address: string): string {
  const refuse = (what: string): never => {
    throw new Error(`the ambassador's address ${what}: give one such as http://localhost:8001`);
  };
  const url = URL.canParse(address) ? new URL(address) : refuse("is no URL");
  if (url.protocol === "https:")
    throw new Error(
      `the ambassador's address ${url.origin} is https, and an ambassador speaks plain http: give its http:// address, or reach an API server by a kubeconfig`,
    );
  if (url.protocol !== "http:") refuse("does not begin with http://");
  if (url.username || url.password || url.search || url.hash)
    refuse(`${url.origin} has more than host, port and path: leave that out`);
  return url.origin + url.pathname.replace(/\/+$/, "");
}
