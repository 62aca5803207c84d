import { stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheDirectory, ensureBuilt, isExecutable, type Report } from "./build-cache.ts";
import type { Environment } from "./environment.ts";
import { goToolchain } from "./go-toolchain.ts";
import { type BinaryName, type Program, programs } from "./program.ts";
import { pruneCache } from "./prune-cache.ts";

export interface FindOptions {
  /** KUBEBUILDER_ASSETS, PATH, XDG_CACHE_HOME and HOME say where to look; the whole of it is Go's environment. */
  readonly env: Environment;
  /** Takes none but the version that the Go module pins. Default false: one on PATH will do where the program says so. */
  readonly pinned?: boolean | undefined;
  /** Told, every few seconds, what is waited for. Default: nobody is. */
  readonly report?: Report | undefined;
  /** Ends a build under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The path of a binary: in the directory KUBEBUILDER_ASSETS (as controller-runtime's envtest), on PATH, or in our cache
 * (`metadata-mirror/` in XDG_CACHE_HOME), where it is built from the pinned Go module if it is not there yet. Those found
 * in the first two places may be of any version; what must be of the pinned one is only ever built. Throws when it can't
 * be built, with what is missing and the ways out. A program of another Go module is found, or built, likewise. `toolchainOf` is
 * for tests, which don't compile.
 */
export async function findBinary(
  wanted: BinaryName | Program,
  { env, pinned = false, report = () => {}, signal = new AbortController().signal }: FindOptions,
  toolchainOf = goToolchain,
): Promise<string> {
  const program = typeof wanted === "string" ? programs[wanted] : wanted;
  const { name, expectedSeconds } = program;
  if (program.anyVersion && !pinned) {
    for (const directory of [env["KUBEBUILDER_ASSETS"], ...(env["PATH"] ?? "").split(delimiter)]) {
      if (directory && (await isExecutable(join(directory, name)))) return join(directory, name);
    }
  }
  const { key, build } = toolchainOf(program, env);
  const cache = cacheDirectory(env);
  const file = join(cache, await key(signal), name);
  if (await ensureBuilt({ file, name, expectedSeconds, build }, report, signal)) {
    // What can't be removed costs disk, and must not cost the binary.
    await pruneCache(cache, (await stat(file)).mtimeMs, report).catch(() => {});
  }
  return file;
}
