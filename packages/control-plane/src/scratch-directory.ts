import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./environment.ts";

/** A temporary directory, readable by us alone, that does not outlive us and nor do the processes tied to it. */
export type ScratchDirectory = AsyncDisposable & {
  readonly path: string;
  /** From now on the process dies when ours does. The function it returns takes that back, once the process has ended. */
  tie(pid: number): () => void;
  /** Ends the watch over processes and directory, and leaves both. */
  keep(): Promise<void>;
};

/**
 * Reads the processes to kill, each line replacing the last. The end of its input is our end, of whatever kind (SIGKILL,
 * a crash): no handler of ours would run then, so a process of its own must do it.
 */
const REAPER = 'while read -r line; do pids=$line; done; [ -z "$pids" ] || kill -9 $pids; rm -rf "$0"';

export const createScratchDirectory = async (env: Environment): Promise<ScratchDirectory> => {
  const path = await mkdtemp(join(env["TMPDIR"] || tmpdir(), "control-plane-"));
  // Detached: Ctrl-C at the terminal is for us, and must not end the reaper first.
  const reaper = spawn("/bin/sh", ["-c", REAPER, path], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  const ended = new Promise<void>((resolve) => reaper.once("exit", () => resolve()).once("error", () => resolve()));
  reaper.stdin.on("error", () => {});

  const pids = new Set<number>();
  const tell = () => reaper.stdin.write(`${[...pids].join(" ")}\n`);
  const keep = async () => {
    reaper.kill("SIGKILL");
    await ended;
  };
  return {
    path,
    tie(pid) {
      pids.add(pid);
      tell();
      return () => {
        pids.delete(pid);
        tell();
      };
    },
    keep,
    async [Symbol.asyncDispose]() {
      await keep();
      await rm(path, { recursive: true, force: true });
    },
  };
};
