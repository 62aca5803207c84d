import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { systemClock, systemRandom } from "@metadata-mirror/api-client";
import { wholeNumber } from "@metadata-mirror/service";
import { Command, CommanderError } from "commander";
import { createLogUpdate } from "log-update";
import { type Progress, progressLine, startingLine } from "./report/progress.ts";
import { describeOutcome, reproduce } from "./report/text.ts";
import { stage } from "./schedule/stage.ts";
import { soak, type SoakOptions } from "./soak.ts";
import type { Host } from "./cluster/host.ts";
import type { Outcome } from "./outcome.ts";

/** What the exit codes mean. */
const exitCodes = { wrong: 1, failed: 2, stopped: 130 };

const advice = (most: number) => `Give a whole number from 1 to ${most}.`;
const count = (most: number) => wholeNumber(1, most, advice(most));

/** A seed is a whole number, which is easy to type again. */
const mostSeed = 999_999_999;

/** How often progress is told: where it's a line at a terminal that is written over, and elsewhere. In milliseconds. */
const tellEveryMs = { terminal: 1_000, lines: 5_000 };

interface RunOptions {
  readonly minutes: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly replicas: number;
  readonly shards: number;
  readonly rate: number;
  readonly slow: boolean;
  readonly operator?: string;
  readonly json?: string;
}

/** Tells where it is, again and again, so that nobody takes a long wait for an end. Disposing ends it. */
function teller() {
  const live = process.stderr.isTTY ? createLogUpdate(process.stderr) : undefined;
  const begun = systemClock.monotonic();
  let latest: Progress | undefined;
  const tell = () => {
    const elapsedMs = systemClock.monotonic() - begun;
    const line = latest === undefined ? startingLine(elapsedMs) : progressLine(latest, elapsedMs);
    if (live === undefined) process.stderr.write(`${line}\n`);
    else live(line);
  };
  const timer = setInterval(tell, live === undefined ? tellEveryMs.lines : tellEveryMs.terminal);
  return {
    progress: (now: Progress) => void (latest = now),
    [Symbol.dispose]() {
      clearInterval(timer);
      live?.done();
    },
  };
}

async function run(options: RunOptions): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Error("stopped")));
  const { seed = Math.floor(systemRandom() * mostSeed), minutes, rate, operator } = options;
  const directory = await mkdtemp(join(tmpdir(), "metadata-mirror-soak-"));
  process.stderr.write(`soak: seed ${seed}; the replicas' logs are in ${directory}\n`);
  const outcome = await soakTold({
    ...options,
    steps: options.steps ?? Infinity,
    seed,
    stage,
    directory,
    forMs: minutes * 60_000,
    operator: operator === undefined ? undefined : resolve(operator),
    host: {
      env: process.env,
      node: process.execPath,
      clock: systemClock,
      kill: (pid, signal) => void process.kill(pid, signal),
      report: (line) => void process.stderr.write(`${line}\n`),
      signal: stop.signal,
    },
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    process.exitCode = exitCodes.stopped;
    return undefined;
  });
  if (outcome === undefined) return;
  process.stdout.write(describeOutcome(outcome));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(outcome, undefined, 2)}\n`);
  if (outcome.mismatches.length === 0) return rm(directory, { recursive: true });
  process.stdout.write(`\nthe replicas' logs: ${directory}\nthe same steps again: ${reproduce(outcome, rate)}\n`);
  process.exitCode = exitCodes.wrong;
}

/** It, with its progress told. */
async function soakTold(
  options: Omit<SoakOptions, "host"> & { readonly host: Omit<Host, "progress"> },
): Promise<Outcome> {
  using told = teller();
  return await soak({ ...options, host: { ...options.host, progress: (now) => told.progress(now) } });
}

const program = new Command("soak")
  .description("Runs the operator for a long time, and checks all that it does.")
  .showHelpAfterError()
  .exitOverride();
program
  .command("run", { isDefault: true })
  .description(
    "changes and faults at random, against a model of what the ConfigMaps have to hold. Exit codes: 0 all was right, 1 something was wrong, 2 the soak itself failed, 130 it was stopped",
  )
  .option("--minutes <n>", "how long, but for the last quiet point", count(10_000), 2)
  .option("--steps <n>", "ends after so many steps, if not before", count(999_999_999))
  .option(
    "--seed <n>",
    "what decides all that happens; any by default",
    wholeNumber(0, mostSeed, "Give a whole number."),
  )
  .option("--replicas <n>", "replicas of the operator", count(5), 2)
  .option("--shards <n>", "Leases that they share", count(16), 3)
  .option("--rate <n>", "steps a second", count(1_000), 20)
  .option("--slow", "faults too that take minutes to notice, and quiet points that wait for that", false)
  .option("--operator <main.cjs>", "a build of the operator; its source by default")
  .option("--json <file>", "write the closing figures there, as JSON")
  .action(run);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.failed;
  else {
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
}
