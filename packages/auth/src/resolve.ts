import { lookup } from "node:dns/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { Credentials } from "./credentials.ts";
import { inClusterByDns, inClusterByEnvironment, serviceAccountDirectory } from "./in-cluster.ts";
import { fromKubeconfig } from "./kubeconfig.ts";

export interface ResolveOptions {
  /** The environment: KUBECONFIG, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT count. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A kubeconfig file that the user named. */
  readonly kubeconfig?: string;
  /** A context that the user named, of whichever kubeconfig is used. */
  readonly context?: string;
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
 * Finds the API server and our credentials for it. What the user named, by `kubeconfig`, `context` or KUBECONFIG, is used or it
 * is an error: another cluster must never stand in for it. Else the first that fits: in-cluster by environment,
 * ~/.kube/config, in-cluster by DNS. Rejects with one Error that lists, a line each, what was tried and why it didn't fit.
 */
export async function resolve(options: ResolveOptions): Promise<Credentials> {
  const named = namedWay(options);
  const failures: string[] = named ? [] : ["- KUBECONFIG: not set, and no kubeconfig or context was named"];
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
  const { kubeconfig, context, env } = options;
  if (kubeconfig !== undefined) return kubeconfigWay("kubeconfig", [kubeconfig], options);
  const files = env["KUBECONFIG"]?.split(delimiter).filter((file) => file !== "") ?? [];
  if (files.length > 0) return kubeconfigWay("KUBECONFIG", files, options);
  if (context !== undefined) return kubeconfigWay(`context ${context}`, [homeKubeconfig(options)], options);
  return undefined;
}

function defaultWays(options: ResolveOptions): readonly Way[] {
  const account = {
    directory: options.serviceAccountDirectory ?? serviceAccountDirectory,
    now: nowOf(options),
  };
  return [
    { name: "in-cluster (environment)", load: () => inClusterByEnvironment(options.env, account) },
    kubeconfigWay("home directory", [homeKubeconfig(options)], options),
    { name: "in-cluster (DNS)", load: () => inClusterByDns(options.lookup ?? lookup, account) },
  ];
}

function kubeconfigWay(name: string, files: readonly string[], options: ResolveOptions): Way {
  const { context } = options;
  const now = nowOf(options);
  return { name, load: () => fromKubeconfig(files, context === undefined ? { now } : { now, context }) };
}

function homeKubeconfig({ homeDirectory = homedir() }: ResolveOptions): string {
  return join(homeDirectory, ".kube", "config");
}

function nowOf({ now = () => performance.now() }: ResolveOptions): () => number {
  return now;
}
