import { asBoolean, logLevels, optionsOf, portNumber, wholeNumber } from "@metadata-mirror/service";
import { InvalidArgumentError, type Option } from "commander";
import type { AmbassadorConfig } from "./config.ts";
import { parsePatterns } from "./filter.ts";

/** What the command line says, by the names of its flags. */
export interface AmbassadorFlags {
  readonly port: number;
  readonly address: string;
  readonly unixSocket?: string;
  readonly apiPrefix: string;
  readonly acceptHosts: readonly RegExp[];
  readonly acceptPaths: readonly RegExp[];
  readonly rejectPaths: readonly RegExp[];
  readonly rejectMethods: readonly RegExp[];
  readonly readOnly: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly answerTimeout: number;
  readonly drainTimeout: number;
  readonly healthPort?: number;
  readonly logLevel: string;
}

const defaultPort = 8001;

/**
 * The part of the flags that is the ambassador's own.
 *
 * @throws where two flags exclude each other.
 */
export function configOf(flags: AmbassadorFlags): AmbassadorConfig {
  const { port, address, unixSocket, acceptHosts, acceptPaths, rejectPaths, rejectMethods, readOnly } = flags;
  if (unixSocket !== undefined && port !== defaultPort) {
    throw new Error("--unix-socket and --port exclude each other: give one of them");
  }
  return {
    address: unixSocket === undefined ? { host: address, port } : { unixSocket },
    apiPrefix: flags.apiPrefix,
    filter: { acceptHosts, acceptPaths, rejectPaths, rejectMethods, readOnly },
    answerTimeoutMs: flags.answerTimeout,
    drainTimeoutMs: flags.drainTimeout,
    healthPort: flags.healthPort,
  };
}

/** What is unsafe about the flags, a sentence each; most often nothing. */
export function warningsOf({ address, unixSocket, readOnly }: AmbassadorFlags): readonly string[] {
  if (unixSocket !== undefined || /^(localhost|127\..*|::1)$/.test(address)) return [];
  const rights = readOnly ? "reads all that this account may read" : "does all that this account may do";
  return [
    `--address=${address} is not this pod's alone: whoever reaches it ${rights}, without a token and unencrypted. Use 127.0.0.1.`,
  ];
}

function patterns(text: string): readonly RegExp[] {
  try {
    return parsePatterns(text);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`Give regular expressions of JavaScript, separated by commas. ${words}.`);
  }
}

function prefix(text: string): string {
  if (!/^\/[^?#%]*$/.test(text)) throw new InvalidArgumentError("Give a path that needs no encoding, such as /k8s/.");
  return text.endsWith("/") ? text : `${text}/`;
}

const option = optionsOf("AMBASSADOR");

/** A flag whose value is one or more patterns, with kubectl proxy's default. */
function patternOption(name: string, description: string, byDefault: string): Option {
  return option(`--${name} <patterns>`, description)
    .argParser(patterns)
    .default(parsePatterns(byDefault), `'${byDefault}'`);
}

/** The options, in the order of the help. Names, meanings and defaults are kubectl proxy's where it has the same. */
export function ambassadorOptions(): readonly Option[] {
  const milliseconds = wholeNumber(1, 86_400_000, "Give milliseconds up to a day, such as 5000.");
  return [
    option("-p, --port <port>", "port to serve on; 0 for any").argParser(portNumber).default(defaultPort),
    option("--address <ip>", "IP address to serve on").default("127.0.0.1"),
    option("-u, --unix-socket <path>", "serve on a Unix socket instead"),
    option("--api-prefix <path>", "prefix to serve the API under").argParser(prefix).default("/"),
    patternOption("accept-hosts", "hosts to accept", "^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$"),
    patternOption("accept-paths", "paths to accept", "^.*"),
    patternOption(
      "reject-paths",
      "paths to reject, even accepted ones",
      "^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach",
    ),
    patternOption("reject-methods", "methods to reject, as in POST,PUT,PATCH", "^$"),
    asBoolean(
      option("--read-only [boolean]", "accept only GET, HEAD and OPTIONS, and no tunnels; --read-only=false for all"),
      true,
    ),
    option("--kubeconfig <file>", "kubeconfig to use; default KUBECONFIG, in-cluster, ~/.kube/config"),
    option("--context <name>", "context of the kubeconfig; default its current one"),
    asBoolean(option("--insecure-skip-tls-verify [boolean]", "trust whoever answers as the API server"), false),
    option("--answer-timeout <ms>", "how long the API server may be silent, but in watches, logs and proxied requests")
      .argParser(milliseconds)
      .default(65_000),
    option("--drain-timeout <ms>", "how long what is under way may take after SIGTERM")
      .argParser(milliseconds)
      .default(20_000),
    option("--health-port <port>", "serve /livez, /readyz and /metrics there").argParser(portNumber),
    option("--log-level <level>", "how much to log").choices(logLevels).default("info"),
  ];
}
