import type { Program } from "./program.ts";

/** How a run of `go` ended. */
export interface GoFailure {
  /** The error's code where `go` could not be run at all. */
  readonly code?: unknown;
  /** What `go` wrote to stderr. */
  readonly stderr: string;
}

/** What `go` writes → what is missing. The first that matches counts. */
const problems: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|disk quota exceeded/, "the disk of GOCACHE, GOMODCACHE or the temporary files is full"],
  [/signal: killed|out of memory/, "the compiler was killed, most likely for want of memory"],
  [/requires go >= |toolchain not available/, "Go is too old"],
  [
    /dial tcp|no such host|i\/o timeout|connection re(fused|set)|proxyconnect|tls: |x509: |GOPROXY=off|: [45]\d\d /,
    "a Go module could not be downloaded: see the network, the proxy and GOPROXY",
  ],
];

/** Says what was missing when `go` failed, and what else can be done. `goVersion` is go.mod's, as "1.25.0". */
export function buildError(program: Program, failure: GoFailure, goVersion: string): Error {
  if (failure.code === "ENOENT") return new Error(cannotBuild(program, "there is no Go on PATH", goVersion));
  const problem = problems.find(([pattern]) => pattern.test(failure.stderr))?.[1] ?? "go failed";
  const said = failure.stderr.trimEnd().split("\n").slice(-15).join("\n");
  return new Error(`${cannotBuild(program, problem, goVersion)}\ngo said:\n${said}`);
}

/** Says that there is no room to begin. */
export function diskError(program: Program, freeBytes: number, goVersion: string): Error {
  const problem = `the disk of GOCACHE or GOMODCACHE has only ${gigabytes(freeBytes)} free`;
  return new Error(cannotBuild(program, problem, goVersion));
}

function cannotBuild(program: Program, problem: string, goVersion: string): string {
  const needs = `Building it needs Go ${goVersion} or newer on PATH, the network, and ${gigabytes(program.neededBytes)} of disk.`;
  const wayOut = `To do without, put ${program.name} on PATH, or in a directory named by KUBEBUILDER_ASSETS.`;
  return [`cannot build ${program.name}: ${problem}`, needs, ...(program.anyVersion ? [wayOut] : [])].join("\n");
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
