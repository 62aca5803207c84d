import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildError, diskError, type GoFailure } from "./build-error.ts";
import type { Environment } from "./environment.ts";
import { type GoModule, readGoModule } from "./go-module.ts";
import type { Program } from "./program.ts";

/** What makes one binary. */
export type Toolchain = {
  /** A short name for all that goes into the binary: sources, flags, compiler and platform. */
  key(): Promise<string>;
  /** Writes the binary to the path `output`. */
  build(output: string): Promise<void>;
};

/** The `go` on `env`'s PATH. Its errors say what is missing (build-error.ts); `signal` ends what is running. */
export const goToolchain = (program: Program, env: Environment, signal: AbortSignal | undefined): Toolchain => {
  const go = async (module: GoModule, args: readonly string[], variables?: Environment): Promise<string> => {
    const goEnv = { ...env, CGO_ENABLED: "0", GOWORK: "off", ...variables };
    try {
      const options = { cwd: module.directory, env: goEnv, maxBuffer: 2 ** 26, ...(signal && { signal }) };
      return (await promisify(execFile)("go", args, options)).stdout;
    } catch (error) {
      signal?.throwIfAborted();
      throw buildError(program, error as GoFailure, module.goVersion);
    }
  };

  return {
    async key() {
      const module = await readGoModule();
      const platform = await go(module, ["env", "GOVERSION", "GOOS", "GOARCH"]);
      const sources = program.ours ? await readSources(join(module.directory, program.package)) : [];
      const inputs = [module.text, module.buildArguments, platform, sources];
      return createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 16);
    },

    async build(output) {
      const module = await readGoModule();
      const caches = (await go(module, ["env", "GOCACHE", "GOMODCACHE"])).trim().split("\n");
      const free = Math.min(...(await Promise.all(caches.map(freeBytes))));
      if (free < program.neededBytes) throw diskError(program, free, module.goVersion);
      // A go that is killed leaves its temporary files, hundreds of megabytes: so they go where we, or the next, find them.
      const work = `${output}.work`;
      await remove(work);
      await mkdir(work);
      try {
        await go(module, ["build", ...module.buildArguments, "-o", output, program.package], { GOTMPDIR: work });
      } finally {
        await remove(work);
      }
    },
  };
};

/** With a killed go's compilers, which end a moment after it, still writing there. */
const remove = (directory: string) => rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

const readSources = async (directory: string): Promise<string[]> => {
  const files = (await readdir(directory, { recursive: true })).filter((file) => file.endsWith(".go")).sort();
  return Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
};

const freeBytes = async (directory: string): Promise<number> => {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};
