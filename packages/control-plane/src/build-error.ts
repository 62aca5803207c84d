import type { Program } from "./program.ts";

/** Free space that Go's caches take for kube-apiserver and etcd when they are cold, in bytes (3.1 GB measured). */
export const NEEDED_BYTES = 4e9;

/** How a run of `go` ended. */
export type GoFailure = {
  /** The error's code where `go` could not be run at all. */
  readonly code?: unknown;
  /** What `go` wrote to stderr. */
  readonly stderr: string;
};

/** What `go` writes → what is missing. The first that matches counts. */
const problems: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|disk quota exceeded/, diskFull()],
  [/signal: killed|out of memory/, "the compiler was killed, most likely for want of memory (about 3 GB are needed)"],
  [/requires go >= |toolchain not available|flag provided but not defined/, "Go is too old"],
  [
    /dial tcp|no such host|i\/o timeout|connection re(fused|set)|proxyconnect|tls: |x509: |GOPROXY=off|unrecognized import path|: [45]\d\d /,
    "a Go module could not be downloaded (see the network, GOPROXY and GOFLAGS)",
  ],
];

function diskFull(freeBytes?: number): string {
  const free = freeBytes === undefined ? "" : `${gigabytes(freeBytes)} free, `;
  return `the disk is full: ${free}about ${gigabytes(NEEDED_BYTES)} needed for GOCACHE and GOMODCACHE when they are empty`;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const lastLines = (text: string, count: number): string => text.trimEnd().split("\n").slice(-count).join("\n");

const waysOut = (program: Program): string =>
  program.ours
    ? ""
    : `\nTo do without building, put ${program.name} on PATH, or in a directory and name that in KUBEBUILDER_ASSETS.`;

const cannotBuild = (program: Program, problem: string, goVersion: string): string =>
  `cannot build ${program.name}: ${problem}\nBuilding needs Go ${goVersion} or newer on PATH.${waysOut(program)}`;

/** Says what was missing when `go` failed, and what else can be done. `goVersion` is go.mod's, as "1.25.0". */
export const buildError = (program: Program, failure: GoFailure, goVersion: string): Error => {
  if (failure.code === "ENOENT") return new Error(cannotBuild(program, "there is no Go on PATH", goVersion));
  const problem = problems.find(([pattern]) => pattern.test(failure.stderr))?.[1] ?? "go failed";
  return new Error(`${cannotBuild(program, problem, goVersion)}\ngo said:\n${lastLines(failure.stderr, 15)}`);
};

/** Says that there is not the room to begin. */
export const diskError = (program: Program, freeBytes: number, goVersion: string): Error =>
  new Error(cannotBuild(program, diskFull(freeBytes), goVersion));
