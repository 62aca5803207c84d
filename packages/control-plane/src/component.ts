import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { lastLines } from "./last-lines.ts";
import { poll } from "./poll.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";

/** A running process of the control plane. Disposing kills it and waits for its end. */
export interface Component extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** What it wrote, to both streams. */
  readonly logPath: string;
  /** Fires when the process has ended; the reason says how. */
  readonly ended: AbortSignal;
  /** Stops it, as it is, until what is returned is disposed of: neither does anything get done, nor is a connection closed. */
  pause(): Disposable;
}

const readyTimeoutMs = 60_000;

/**
 * Runs `binary`, its output in `<name>.log` of the scratch directory. Its environment is empty: what the user has set
 * (etcd takes every flag from ETCD_… too) has no part in it.
 */
export async function startComponent(
  name: string,
  binary: string,
  args: readonly string[],
  scratch: ScratchDirectory,
): Promise<Component> {
  const logPath = join(scratch.path, `${name}.log`);
  await using log = await open(logPath, "a");
  // Detached: Ctrl-C at the terminal is for us, who stop the components in our own time.
  const child = spawn(binary, args, { env: {}, stdio: ["ignore", log.fd, log.fd], detached: true });
  await once(child, "spawn");

  const ended = new AbortController();
  const exit = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      ended.abort(new Error(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`));
      resolve();
    });
  });
  const component: Component = {
    name,
    pid: child.pid as number,
    logPath,
    ended: ended.signal,
    pause() {
      child.kill("SIGSTOP");
      return { [Symbol.dispose]: () => void child.kill("SIGCONT") };
    },
    async [Symbol.asyncDispose]() {
      // Nothing is worth a clean end (measured: 3 s of kube-apiserver and 2 s of etcd): the data goes with the directory.
      child.kill("SIGKILL");
      await exit;
    },
  };
  child.once("exit", scratch.tie(component));
  return component;
}

/**
 * Waits until `probe` answers, and returns that. When the component ends or `signal` fires before, or a minute has
 * passed, the component is killed and the error holds the last lines of its log.
 */
export async function whenReady<T>(
  component: Component,
  probe: () => Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T> {
  try {
    const either = AbortSignal.any([component.ended, signal]);
    return await poll(probe, { everyMs: 50, timeoutMs: readyTimeoutMs, signal: either });
  } catch (cause) {
    await component[Symbol.asyncDispose]();
    signal.throwIfAborted();
    const { name, logPath } = component;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const log = await lastLines(logPath);
    throw new Error(`${name} did not become ready: ${reason}\nThe last lines of ${logPath}:\n${log}`, { cause });
  }
}
