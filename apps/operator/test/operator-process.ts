import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** What node is to run. */
export const nodeArgs: readonly string[] = ["--conditions=@metadata-mirror/source", main];

/** The environment without what would lead the operator to another cluster. */
export const env: Readonly<Record<string, string | undefined>> = { PATH: process.env["PATH"], HOME: "/nonexistent" };

interface LogLine {
  readonly msg?: string;
  readonly healthPort?: number;
  readonly pods?: number;
}

/** An operator as a process of its own. */
export interface OperatorProcess extends AsyncDisposable {
  /** What it has logged so far. */
  readonly log: readonly LogLine[];
  readonly logged: (msg: string) => Promise<void>;
  /** What it answers on the port of its probes: it is to be ready, and to have been given one. */
  readonly get: (path: string) => Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with its exit code after SIGTERM. */
  readonly stop: () => Promise<number | null>;
}

/** Those that run: they end with us, also where we are interrupted and they are stopped. */
const children = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** Starts one. Disposing kills it. */
export function startProcess(args: readonly string[], extraEnv: Readonly<Record<string, string>>): OperatorProcess {
  const child = spawn(process.execPath, [...nodeArgs, ...args], {
    env: { ...env, ...extraEnv },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit") as Promise<[number | null]>;
  children.add(child);
  child.once("exit", () => children.delete(child));
  const log: LogLine[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => log.push(JSON.parse(line) as LogLine));
  return {
    log,
    logged: (msg) => expect.poll(() => log.map((line) => line.msg), { timeout: 30_000 }).toContain(msg),
    async get(path) {
      const port = log.find((line) => line.msg === "ready")?.healthPort;
      return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    },
    kill: (signal) => void child.kill(signal),
    async stop() {
      child.kill("SIGTERM");
      const [code] = await exit;
      return code;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await exit;
    },
  };
}
