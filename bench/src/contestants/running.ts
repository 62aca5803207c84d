import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { lastLines } from "@metadata-mirror/control-plane";
import type { Running } from "./contestant.ts";

/** A program to run, in an environment that has nothing but what is here: what the user has set has no part in a measurement. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What ends it; SIGKILL by default. */
  readonly endsBy?: "SIGTERM";
}

/** Starts a program, what it writes to both streams appended to `logPath`. */
export async function run({ file, args, env, endsBy }: Command, logPath: string): Promise<Running> {
  await using log = await open(logPath, "a");
  const child = spawn(file, args, { env, stdio: ["ignore", log.fd, log.fd] });
  await once(child, "spawn");
  let endedByUs = false;
  const exit = once(child, "exit");
  const ended = exit.then(async ([code, signal]) => {
    if (endedByUs) return new Promise<void>(() => {});
    if (code !== 0) throw new Error(`${file} ended by ${signal ?? `exit code ${code}`}:\n${await lastLines(logPath)}`);
    return undefined;
  });
  // who doesn't look at it doesn't have to
  ended.catch(() => {});
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    endedByUs = true;
    child.kill(signal);
    await exit;
  };
  return {
    pid: child.pid as number,
    ended,
    kill: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end(endsBy ?? "SIGKILL"),
  };
}
