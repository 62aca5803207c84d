import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { poll } from "./poll.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";

/** A running process of the control plane. Disposing kills it and waits for its end. */
export type Component = AsyncDisposable & {
  readonly name: string;
  readonly pid: number;
  /** What it wrote, to both streams. */
  readonly logPath: string;
  /** Fires when the process has ended; the reason says how. */
  readonly ended: AbortSignal;
};

const READY_TIMEOUT_MS = 60_000;

/**
 * Runs `binary`, its output in `<name>.log` of the scratch directory. Its environment is empty: what the user has set
 * (etcd takes every flag from ETCD_… too) has no part in it.
 */
export const startComponent = async (
  name: string,
  binary: string,
  args: readonly string[],
  scratch: ScratchDirectory,
): Promise<Component> => {
  const logPath = join(scratch.path, `${name}.log`);
  await using log = await open(logPath, "a");
  // Detached: Ctrl-C at the terminal is for us, who stop the components in our own time.
  const child = spawn(binary, args, { env: {}, stdio: ["ignore", log.fd, log.fd], detached: true });
  await once(child, "spawn");

  const pid = child.pid as number;
  const untie = scratch.tie(pid);
  const ended = new AbortController();
  const exit = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      untie();
      ended.abort(new Error(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`));
      resolve();
    });
  });
  return {
    name,
    pid,
    logPath,
    ended: ended.signal,
    async [Symbol.asyncDispose]() {
      // Nothing is worth a clean end (measured: 3 s of kube-apiserver and 2 s of etcd): the data goes with the directory.
      child.kill("SIGKILL");
      await exit;
    },
  };
};

/**
 * Waits until `probe` answers, and returns that. When the component ends or `signal` fires before, or a minute has
 * passed, the component is killed and the error holds the last lines of its log.
 */
export const whenReady = async <T>(
  component: Component,
  probe: () => Promise<T | undefined>,
  signal: AbortSignal | undefined,
): Promise<T> => {
  try {
    const either = AbortSignal.any([component.ended, ...(signal ? [signal] : [])]);
    return await poll(probe, { everyMs: 50, timeoutMs: READY_TIMEOUT_MS, signal: either });
  } catch (error) {
    await component[Symbol.asyncDispose]();
    signal?.throwIfAborted();
    const log = (await readFile(component.logPath, "utf8")).trimEnd().split("\n").slice(-20).join("\n");
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${component.name} did not become ready: ${cause}\nThe last lines of ${component.logPath}:\n${log}`,
      {
        cause: error,
      },
    );
  }
};
