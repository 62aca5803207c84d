import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildError, diskError, type GoFailure } from "./build-error.ts";
import type { Environment } from "./environment.ts";
import { type GoModule, readGoModule } from "./go-module.ts";
import type { Program } from "./program.ts";

/** What makes one binary. Signals end what is running. */
export interface Toolchain {
  /** A short name for all that goes into the binary: sources, flags, compiler and platform. 16 hexadecimal digits. */
  readonly key: (signal: AbortSignal) => Promise<string>;
  /** Writes the binary to the path `output`. */
  readonly build: (output: string, signal: AbortSignal) => Promise<void>;
}

/** The `go` on `env`'s PATH. Its errors say what is missing (build-error.ts). */
export function goToolchain(program: Program, env: Environment): Toolchain {
  const go = async (module: GoModule, signal: AbortSignal, args: readonly string[], variables?: Environment) => {
    const goEnv = { ...env, CGO_ENABLED: "0", GOWORK: "off", ...variables };
    try {
      const options = { cwd: module.directory, env: goEnv, maxBuffer: 2 ** 26, signal };
      return (await promisify(execFile)("go", args, options)).stdout;
    } catch (error) {
      signal.throwIfAborted();
      throw buildError(program, error as GoFailure, module.goVersion);
    }
  };

  return {
    async key(signal) {
      const module = await readGoModule(program.directory);
      const platform = await go(module, signal, ["env", "GOVERSION", "GOOS", "GOARCH"]);
      const sources = program.package.startsWith("./") ? await readSources(module.directory) : [];
      const inputs = [module.text, module.buildArguments, platform, sources];
      return createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 16);
    },

    async build(output, signal) {
      const module = await readGoModule(program.directory);
      const caches = (await go(module, signal, ["env", "GOCACHE", "GOMODCACHE"])).trim().split("\n");
      const free = Math.min(...(await Promise.all(caches.map(freeBytes))));
      if (free < program.neededBytes) throw diskError(program, free, module.goVersion);
      // A go that is killed leaves its temporary files, hundreds of megabytes: so they go where we, or the next, find them.
      const work = `${output}.work`;
      await remove(work);
      await mkdir(work);
      try {
        const args = ["build", ...module.buildArguments, "-o", output, program.package];
        await go(module, signal, args, { GOTMPDIR: work });
      } finally {
        await remove(work);
      }
    },
  };
}

/** Tries for a while: the compilers of a go that was killed end a moment after it, and write there until then. */
function remove(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** All of the module: a program of ours may be made of several of its packages. */
async function readSources(directory: string): Promise<readonly string[]> {
  const files = (await readdir(directory, { recursive: true })).filter((file) => file.endsWith(".go")).sort();
  return Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
}

async function freeBytes(directory: string): Promise<number> {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
