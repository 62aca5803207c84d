import { readFile } from "node:fs/promises";
import { delimiter, dirname, resolve } from "node:path";
import type { Cluster, Context, KubeConfig, User } from "@kubernetes/client-node";

/** One context of a kubeconfig, with what it names. */
export interface KubeconfigEntry {
  readonly context: Context;
  readonly cluster: Cluster;
  /** Undefined where the context names none: anonymous. */
  readonly user: User | undefined;
  /** Absolute path of the user's `tokenFile`, which client-node doesn't read. */
  readonly tokenPath: string | undefined;
}

interface RawKubeconfig {
  readonly users?: readonly { readonly name?: string; readonly user?: { readonly tokenFile?: string } | null }[] | null;
}

/**
 * Reads one context, the current one unless `contextName` is given, of kubeconfig files that are merged as kubectl does: of a
 * name that is there twice the first counts, of several files those that don't exist are passed over, relative paths are
 * those of the file they stand in. Rejects with an Error that names the files and lists the contexts there are.
 *
 * client-node costs 590 ms and 88 MB to import: it is loaded here, when a kubeconfig is really read, and nowhere else.
 */
export async function readKubeconfig(files: readonly string[], contextName?: string): Promise<KubeconfigEntry> {
  const { KubeConfig, loadAllYaml } = await import("@kubernetes/client-node");
  const parts: KubeConfig[] = [];
  const tokenPaths = new Map<string | undefined, string>();
  for (const file of files) {
    const text = await readText(file, files.length > 1);
    try {
      const [raw] = loadAllYaml(text) as readonly RawKubeconfig[];
      if (raw === undefined) continue;
      for (const { name, user } of raw.users ?? []) {
        if (user?.tokenFile && !tokenPaths.has(name)) tokenPaths.set(name, resolve(dirname(file), user.tokenFile));
      }
      const part = new KubeConfig();
      part.loadFromString(text, { onInvalidEntry: "filter" });
      part.makePathsAbsolute(dirname(resolve(file)));
      parts.push(part);
    } catch (cause) {
      // without the cause: it quotes lines of the file, and a token may be in them
      throw new Error(`${file} is no kubeconfig: ${flawOf(cause)}`);
    }
  }
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: firstByName(parts.flatMap((part) => part.clusters)),
    users: firstByName(parts.flatMap((part) => part.users)),
    contexts: firstByName(parts.flatMap((part) => part.contexts)),
    currentContext: contextName ?? parts.map((part) => part.currentContext).find(Boolean),
  });
  return entryOf(config, tokenPaths, files.join(delimiter));
}

function entryOf(
  config: KubeConfig,
  tokenPaths: ReadonlyMap<string | undefined, string>,
  where: string,
): KubeconfigEntry {
  const name = config.currentContext;
  const known = config.contexts.map((one) => one.name).join(", ") || "none";
  if (!name) throw new Error(`${where} has no current-context: name one of its contexts (${known})`);
  const context = config.getContextObject(name);
  if (!context) throw new Error(`${where} has no context ${name}; it has: ${known}`);
  const cluster = config.getCluster(context.cluster);
  if (!cluster) throw new Error(`${where}: context ${name} is of a cluster ${context.cluster}, which isn't there`);
  const user = context.user ? config.getUser(context.user) : undefined;
  if (user === null) throw new Error(`${where}: context ${name} is of a user ${context.user}, who isn't there`);
  return { context, cluster, user, tokenPath: tokenPaths.get(user?.name) };
}

async function readText(file: string, mayBeMissing: boolean): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : messageOf(cause);
    if (mayBeMissing && code === "ENOENT") return "";
    throw new Error(code === "ENOENT" ? `there is no file ${file}` : `cannot read ${file} (${code})`, { cause });
  }
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.name, entry])).values()].toReversed();
}

/** Of what js-yaml found the reason and the line, numbered from 1. */
function flawOf(error: unknown): string {
  if (!(error instanceof Error && "reason" in error && "mark" in error)) return messageOf(error);
  const { line } = error.mark as { readonly line: number };
  return `${String(error.reason)} in line ${line + 1}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
