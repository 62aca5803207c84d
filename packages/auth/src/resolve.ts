import { lookup } from "node:dns/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { throughAmbassador } from "./ambassador.ts";
import type { Credentials } from "./credentials.ts";
import { inClusterByDns, inClusterByEnvironment, podNamespace, serviceAccountDirectory } from "./in-cluster.ts";
import { fromKubeconfig } from "./kubeconfig.ts";

export interface ResolveOptions {
  /** The environment: KUBECONFIG, KUBERNETES_AMBASSADOR, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and POD_NAMESPACE count. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A kubeconfig file that the user named. */
  readonly kubeconfig?: string;
  /** The URL of an ambassador that the user named, as `http://localhost:8001`. */
  readonly ambassador?: string;
  /** A context that the user named, of whichever kubeconfig is used. */
  readonly context?: string;
  /**
   * Trusts whoever answers, for a server whose authority can't be had; then none is needed. False by default, and said in
   * `warnings` where it is true. An ambassador has no TLS to verify.
   */
  readonly insecureSkipTLSVerify?: boolean;
  readonly homeDirectory?: string;
  readonly serviceAccountDirectory?: string;
  /** Resolves when the name has an address. */
  readonly lookup?: (name: string) => Promise<unknown>;
  /** Milliseconds, of any epoch: only differences count. */
  readonly now?: () => number;
}

interface Way {
  readonly name: string;
  load(): Promise<Credentials>;
}

/**
 * Finds the API server and our credentials for it. What the user named is used or it is an error: another cluster must never stand
 * in for it. Of several that are named the first of these counts: `kubeconfig`, `ambassador`, KUBECONFIG, `context` (of
 * ~/.kube/config), KUBERNETES_AMBASSADOR. Where none is, the first that fits: in-cluster by environment, ~/.kube/config, in-cluster
 * by DNS. Rejects with one Error that lists, a line each, what was tried and why it didn't fit.
 *
 * The namespace of an ambassador is that of the service account where one is mounted, else POD_NAMESPACE, else `default`.
 */
export async function resolve(options: ResolveOptions): Promise<Credentials> {
  const named = namedWay(options);
  const failures: string[] = named
    ? []
    : ["- KUBECONFIG, KUBERNETES_AMBASSADOR: not set, and no kubeconfig, context or ambassador was named"];
  for (const way of named ? [named] : defaultWays(options)) {
    try {
      return await way.load();
    } catch (error) {
      failures.push(`- ${way.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const advice = named
    ? "It was named, so nothing else was tried: correct it, or leave it out."
    : "Set KUBECONFIG or name a kubeconfig; in a pod, give it a service account token (automountServiceAccountToken: true).";
  throw new Error(`Found no way to a Kubernetes API server. Tried:\n${failures.join("\n")}\n${advice}`);
}

function namedWay(options: ResolveOptions): Way | undefined {
  const { kubeconfig, ambassador, context, env } = options;
  if (kubeconfig !== undefined) return kubeconfigWay("kubeconfig", [kubeconfig], options);
  if (ambassador !== undefined) return ambassadorWay("ambassador", ambassador, options);
  const files = env["KUBECONFIG"]?.split(delimiter).filter((file) => file !== "") ?? [];
  if (files.length > 0) return kubeconfigWay("KUBECONFIG", files, options);
  if (context !== undefined) return kubeconfigWay(`context ${context}`, [homeKubeconfig(options)], options);
  const server = env["KUBERNETES_AMBASSADOR"];
  if (server) return ambassadorWay("KUBERNETES_AMBASSADOR", server, options);
  return undefined;
}

function defaultWays(options: ResolveOptions): readonly Way[] {
  const account = { directory: accountDirectory(options), ...tlsAndClock(options) };
  return [
    { name: "in-cluster (environment)", load: () => inClusterByEnvironment(options.env, account) },
    kubeconfigWay("home directory", [homeKubeconfig(options)], options),
    { name: "in-cluster (DNS)", load: () => inClusterByDns(options.lookup ?? lookup, account) },
  ];
}

function kubeconfigWay(name: string, files: readonly string[], options: ResolveOptions): Way {
  const { context } = options;
  const how = { ...tlsAndClock(options), ...(context === undefined ? {} : { context }) };
  return { name, load: () => fromKubeconfig(files, how) };
}

function ambassadorWay(name: string, server: string, options: ResolveOptions): Way {
  return {
    name,
    async load() {
      const namespace = (await podNamespace(options.env, accountDirectory(options))) ?? "default";
      return throughAmbassador({ server, namespace });
    },
  };
}

function tlsAndClock({ insecureSkipTLSVerify = false, now = () => performance.now() }: ResolveOptions) {
  return { insecureSkipTLSVerify, now };
}

function accountDirectory(options: ResolveOptions): string {
  return options.serviceAccountDirectory ?? serviceAccountDirectory;
}

function homeKubeconfig({ homeDirectory = homedir() }: ResolveOptions): string {
  return join(homeDirectory, ".kube", "config");
}
