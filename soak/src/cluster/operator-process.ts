import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import type { Clock } from "@metadata-mirror/api-client";
import { operatorArgs, operatorEnv } from "@metadata-mirror/bench";
import { lastLines } from "@metadata-mirror/control-plane";
import { type Counters, parseCounters } from "./counters.ts";

/** How an operator is started. */
export interface OperatorCommand {
  readonly node: string;
  /** Before the operator's own arguments: flags of Node.js, and its main file. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A file that both its streams are written to. */
  readonly logPath: string;
  readonly clock: Clock;
}

/** An operator as a process of its own. Disposing kills it. */
export interface OperatorProcess extends AsyncDisposable {
  readonly logPath: string;
  /** Stops it as SIGSTOP does; disposing lets it go on. */
  pause(): Disposable;
  /** Sends it a signal; nothing happens where it has ended. */
  send(signal: NodeJS.Signals): void;
  /** Resolves with how it ended: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  readonly hasEnded: boolean;
  /** Whether it says that it's ready, and lives. */
  isReady(): Promise<boolean>;
  /** Its counters now; empty where it doesn't answer. */
  counters(): Promise<Counters>;
  /** The end of its log. */
  lastLines(): Promise<string>;
}

/** How long it may take to answer on its own port, in milliseconds. */
const answerMs = 2_000;

/** Starts one. */
export async function startOperator(
  { node, args, env, logPath, clock }: OperatorCommand,
  shards: number,
): Promise<OperatorProcess> {
  await using log = await open(logPath, "a");
  const all = [...args, ...operatorArgs, `--shards=${shards}`];
  const child = spawn(node, all, { env: { ...operatorEnv, ...env }, stdio: ["ignore", log.fd, log.fd] });
  await once(child, "spawn");
  let hasEnded = false;
  let port: string | undefined;
  const ended = once(child, "exit").then(([code, signal]) => {
    hasEnded = true;
    return signal === null ? `exit code ${code}` : String(signal);
  });

  /** Undefined where it doesn't answer that all is well. */
  async function ask(path: string): Promise<string | undefined> {
    port ??= /"healthPort":(\d+)/.exec(await readFile(logPath, "utf8"))?.[1];
    if (hasEnded || port === undefined) return undefined;
    const end = new AbortController();
    void clock.sleep(answerMs, end.signal).then(() => end.abort());
    try {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: end.signal });
      return answer.ok ? await answer.text() : undefined;
    } catch {
      return undefined;
    } finally {
      end.abort();
    }
  }

  return {
    logPath,
    pause() {
      child.kill("SIGSTOP");
      return { [Symbol.dispose]: () => void child.kill("SIGCONT") };
    },
    send: (signal) => void child.kill(signal),
    ended,
    get hasEnded() {
      return hasEnded;
    },
    async isReady() {
      const answers = [await ask("/readyz"), await ask("/livez")];
      return answers.every((answer) => answer !== undefined);
    },
    counters: async () => parseCounters((await ask("/metrics")) ?? ""),
    lastLines: () => lastLines(logPath),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
