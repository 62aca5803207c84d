import { spawn } from "node:child_process";
import { env, stderr } from "node:process";
import { createInterface } from "node:readline";
import { type BinaryName, findBinary } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, vi } from "vitest";

/** How often a property is tried: the differential tests together compare some 20,000 generated cases. */
export const runs = { numRuns: 2500 };

/** What the oracle of the kubelet can be asked; `packages/control-plane/go/kubernetes/downward-oracle` says what it answers. */
type Question =
  | { readonly op: "fieldPath"; readonly pod: unknown; readonly path: string }
  | { readonly op: "formatMap"; readonly map: Readonly<Record<string, string>> }
  | { readonly op: "quote" | "quantity"; readonly text: string }
  | { readonly op: "printable" }
  | {
      readonly op: "resource";
      readonly pod: unknown;
      readonly containerName: string;
      readonly resource: string;
      readonly divisor?: string | number | undefined;
      readonly allocatable?: unknown;
    }
  | { readonly op: "accepted"; readonly path: string }
  | { readonly op: "accepted"; readonly resource: string; readonly divisor: string | number };

/** Kubernetes' answer. With an `error` the value says nothing. */
export interface Answer {
  readonly value: string;
  readonly error?: string;
}

type Ask<Q, A> = (question: Q) => Promise<A>;

/** What Prometheus finds in a file of `file_sd_configs`; `packages/control-plane/go/prometheus/file-sd-oracle` answers it. */
export interface FileSDAnswer {
  readonly groups: readonly {
    readonly targets: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly error?: string;
}

/** An answer in the shape of our own; Kubernetes' words for an error are left out. */
export function outcome({ value, error }: Answer): { readonly value: string } | "error" {
  return error === undefined ? { value } : "error";
}

/** Keeps the oracle of the kubelet running during the tests of a file. */
export function useOracle(): Ask<Question, Answer> {
  return useGoOracle("downward-oracle");
}

/** Keeps that of Prometheus running. */
export function useFileSDOracle(): Ask<{ readonly document: string }, FileSDAnswer> {
  return useGoOracle("file-sd-oracle");
}

/** Keeps an oracle running during the tests of a file; it's built first if need be, which takes minutes on a fresh machine. */
function useGoOracle<Q, A>(name: BinaryName): Ask<Q, A> {
  vi.setConfig({ hookTimeout: 900_000, testTimeout: 60_000 });
  let oracle: Oracle<Q, A> | undefined;
  beforeAll(async () => {
    const report = (line: string) => stderr.write(`${line}\n`);
    oracle = startOracle(await findBinary(name, { env, report }));
  });
  afterAll(() => oracle?.stop());
  return (question) => (oracle === undefined ? Promise.reject(new Error("no oracle yet")) : oracle.ask(question));
}

interface Oracle<Q, A> {
  readonly ask: Ask<Q, A>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the binary. Questions may be asked at once: it answers in their order. If it ends too early, all of them
 * fail.
 */
function startOracle<Q, A>(binary: string): Oracle<Q, A> {
  const child = spawn(binary, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const waiting: PromiseWithResolvers<A>[] = [];
  const fail = (error: Error) => {
    for (const one of waiting.splice(0)) one.reject(error);
  };
  child.once("error", fail);
  child.stdin.on("error", fail);
  child.once("close", (code, signal) => fail(new Error(`${binary} ended with ${code ?? signal} before it answered`)));
  createInterface(child.stdout).on("line", (line) => waiting.shift()?.resolve(JSON.parse(line)));

  return {
    ask: (question) => {
      const answer = Promise.withResolvers<A>();
      waiting.push(answer);
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return answer.promise;
    },
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}
