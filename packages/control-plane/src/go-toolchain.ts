import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { glob, mkdir, readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildError, diskError, type GoFailure, NEEDED_BYTES } from "./build-error.ts";
import type { Environment } from "./environment.ts";
import type { Program } from "./program.ts";

/** The Go module that pins Kubernetes and etcd. Nothing is written to it: it may lie in a read-only node_modules. */
const moduleDirectory = join(import.meta.dirname, "../go");

/** Builds binaries. Two with equal keys are the same. */
export type Toolchain = {
  /** A short name for all that goes into the binary: sources, flags, compiler and platform. */
  key(): Promise<string>;
  /** Writes the binary to `output`. */
  build(output: string): Promise<void>;
};

/** The `go` found on `env`'s PATH. Its errors say what is missing (build-error.ts); `signal` ends a running build. */
export const goToolchain = (program: Program, env: Environment, signal: AbortSignal | undefined): Toolchain => {
  const goEnv = { ...env, CGO_ENABLED: "0", GOWORK: "off" };

  const go = async (args: readonly string[]): Promise<string> => {
    try {
      // At SIGINT, unlike SIGTERM, go takes its temporary files away.
      const options = { cwd: moduleDirectory, env: goEnv, signal, killSignal: "SIGINT", maxBuffer: 1 << 26 } as const;
      return (await promisify(execFile)("go", args, options)).stdout;
    } catch (error) {
      signal?.throwIfAborted();
      const { goVersion } = await readModule();
      throw buildError(program, error as GoFailure, goVersion);
    }
  };

  return {
    async key() {
      const hash = createHash("sha256");
      const { goMod, goSum, arguments: args } = await readModule();
      hash.update(JSON.stringify([goMod, goSum, args, await go(["env", "GOVERSION", "GOOS", "GOARCH"])]));
      if (program.ours) for (const source of await readSources(program)) hash.update(source);
      return hash.digest("hex").slice(0, 16);
    },

    async build(output) {
      const { arguments: args, goVersion } = await readModule();
      for (const directory of (await go(["env", "GOCACHE", "GOMODCACHE"])).trim().split("\n")) {
        const free = await freeBytes(directory);
        if (free < NEEDED_BYTES) throw diskError(program, free, goVersion);
      }
      await go(["build", ...args, "-o", output, program.package]);
    },
  };
};

const readModule = async () => {
  const [goMod, goSum] = await Promise.all(
    ["go.mod", "go.sum"].map((file) => readFile(join(moduleDirectory, file), "utf8")),
  ) as [string, string];
  const [, goVersion = ""] = /^go (\S+)$/m.exec(goMod) ?? [];
  const [, version = "", major = "", minor = ""] = /^\s*k8s\.io\/kubernetes (v(\d+)\.(\d+)\S*)/m.exec(goMod) ?? [];
  return { goMod, goSum, goVersion, arguments: buildArguments({ version, major, minor }) };
};

/**
 * A module built from source does not know its version: without these variables kube-apiserver and kubectl say
 * v0.0.0-master (k8s.io/component-base/version/base.go). -buildvcs=false: our checkout has no part in the binaries.
 */
const buildArguments = (kubernetes: { version: string; major: string; minor: string }): string[] => {
  const variables = {
    gitVersion: kubernetes.version,
    gitMajor: kubernetes.major,
    gitMinor: kubernetes.minor,
    gitTreeState: "clean",
    gitCommit: "unknown",
    buildDate: "1970-01-01T00:00:00Z",
  };
  const set = Object.entries(variables).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ["-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", ["-s -w", ...set].join(" ")];
};

const readSources = async (program: Program): Promise<string[]> => {
  const files = await Array.fromAsync(glob("**/*.go", { cwd: join(moduleDirectory, program.package) }));
  return Promise.all(files.sort().map((file) => readFile(join(moduleDirectory, program.package, file), "utf8")));
};

const freeBytes = async (directory: string): Promise<number> => {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};
