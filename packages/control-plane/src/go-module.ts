import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A Go module that pins programs as tools. Nothing is written to it: it may lie in a read-only node_modules. */
export interface GoModule {
  readonly directory: string;
  /** go.mod and go.sum: between them they pin every line that goes into a binary. */
  readonly text: string;
  /** The oldest Go that will do, as "1.25.0". */
  readonly goVersion: string;
  /** The arguments of `go build` that all its binaries share. */
  readonly buildArguments: readonly string[];
}

/** Reads that of a folder. */
export async function readGoModule(directory: string): Promise<GoModule> {
  const goMod = await readFile(join(directory, "go.mod"), "utf8");
  const goSum = await readFile(join(directory, "go.sum"), "utf8");
  return {
    directory,
    text: goMod + goSum,
    goVersion: /^go (\S+)$/m.exec(goMod)?.[1] ?? "",
    buildArguments: ["-mod=readonly", "-buildvcs=false", "-trimpath", ...tags(goMod), "-ldflags", linkerFlags(goMod)],
  };
}

/** Prometheus without its service discoveries, which nobody needs here: they bring in a client for each cloud. */
function tags(goMod: string): readonly string[] {
  return /^\s*github\.com\/prometheus\/prometheus v/m.test(goMod) ? ["-tags", "remove_all_sd"] : [];
}

/**
 * A module built from source does not know its version: without these variables kube-apiserver and kubectl say
 * v0.0.0-master (k8s.io/component-base/version/base.go). Modules without Kubernetes need none.
 */
function linkerFlags(goMod: string): string {
  const stripped = "-s -w";
  const [, version, major, minor] = /^\s*k8s\.io\/kubernetes (v(\d+)\.(\d+)\S*)/m.exec(goMod) ?? [];
  if (version === undefined) return stripped;
  const variables = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: "clean",
    gitCommit: "unknown",
    buildDate: "1970-01-01T00:00:00Z",
  };
  const set = Object.entries(variables).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return [stripped, ...set].join(" ");
}
