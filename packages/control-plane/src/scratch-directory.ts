import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./environment.ts";

/** A process that disposing kills. */
interface TiedProcess extends AsyncDisposable {
  readonly pid: number;
}

/**
 * A temporary directory, readable by us alone, and the processes that work in it. Neither outlives us. Disposing kills the
 * processes and removes the directory.
 */
export interface ScratchDirectory extends AsyncDisposable {
  readonly path: string;
  /** Makes the process one of those. To be untied, by the function it returns, when it has ended: its PID may be reused. */
  tie(process: TiedProcess): () => void;
  /** Kills the processes and leaves the directory. */
  keep(): Promise<void>;
}

/**
 * Reads the PIDs to kill, each line replacing the last. The end of its input is our end, of whatever kind (SIGKILL, a
 * crash): no handler of ours would run then, so a process of its own must do it.
 */
const reaperScript = 'while read -r line; do pids=$line; done; [ -z "$pids" ] || kill -9 $pids; rm -rf "$0"';

/** Makes one in `env`'s TMPDIR, or where the system keeps temporary files. */
export async function createScratchDirectory(env: Environment): Promise<ScratchDirectory> {
  const path = await mkdtemp(join(env["TMPDIR"] || tmpdir(), "control-plane-"));
  // Detached: Ctrl-C at the terminal is for us, and must not end the reaper first.
  const reaper = spawn("/bin/sh", ["-c", reaperScript, path], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  const reaperEnded = new Promise<void>((resolve) =>
    reaper.once("exit", () => resolve()).once("error", () => resolve()),
  );
  reaper.stdin.on("error", () => {});

  const tied = new Set<TiedProcess>();
  const tellReaper = () => reaper.stdin.write(`${[...tied].map(({ pid }) => pid).join(" ")}\n`);
  const keep = async () => {
    await Promise.all([...tied].map((process) => process[Symbol.asyncDispose]()));
    reaper.kill("SIGKILL");
    await reaperEnded;
  };
  return {
    path,
    tie(process) {
      tied.add(process);
      tellReaper();
      return () => {
        tied.delete(process);
        tellReaper();
      };
    },
    keep,
    async [Symbol.asyncDispose]() {
      await keep();
      await rm(path, { recursive: true, force: true });
    },
  };
}
