import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { systemClock, systemRandom } from "@metadata-mirror/api-client";
import { wholeNumber } from "@metadata-mirror/service";
import { Command, CommanderError } from "commander";
import { createLogUpdate } from "log-update";
import { type Progress, progressLine } from "./report/progress.ts";
import { describeOutcome, reproduce } from "./report/text.ts";
import { stage } from "./schedule/stage.ts";
import { soak } from "./soak.ts";

/** What the exit codes mean. */
const exitCodes = { wrong: 1, failed: 2, stopped: 130 };

const advice = (most: number) => `Give a whole number from 1 to ${most}.`;
const count = (most: number) => wholeNumber(1, most, advice(most));

/** A seed is a whole number, which is easy to type again. */
const mostSeed = 999_999_999;

/** How often a line of progress is written where it isn't to a terminal, in milliseconds. */
const lineEveryMs = 5_000;

interface RunOptions {
  readonly minutes: number;
  readonly steps: number;
  readonly seed?: number;
  readonly replicas: number;
  readonly shards: number;
  readonly rate: number;
  readonly operator?: string;
  readonly json?: string;
}

/** Progress as a line at a terminal that is written over, elsewhere as lines now and then. */
function reporter(begun: number) {
  const live = process.stderr.isTTY ? createLogUpdate(process.stderr) : undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    progress(now: Progress) {
      const at = systemClock.monotonic();
      if (live === undefined && at - toldAt < lineEveryMs) return;
      toldAt = at;
      const line = progressLine(now, at - begun);
      if (live === undefined) process.stderr.write(`${line}\n`);
      else live(line);
    },
    end: () => live?.done(),
  };
}

async function run(options: RunOptions): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Error("stopped")));
  const { seed = Math.floor(systemRandom() * mostSeed), minutes, rate, operator } = options;
  const directory = await mkdtemp(join(tmpdir(), "metadata-mirror-soak-"));
  process.stderr.write(`soak: seed ${seed}; the replicas' logs are in ${directory}\n`);
  const told = reporter(systemClock.monotonic());
  const outcome = await soak({
    ...options,
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
      progress: (now) => told.progress(now),
      signal: stop.signal,
    },
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    process.exitCode = exitCodes.stopped;
    return undefined;
  });
  told.end();
  if (outcome === undefined) return;
  process.stdout.write(describeOutcome(outcome));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(outcome, undefined, 2)}\n`);
  if (outcome.mismatches.length === 0) return rm(directory, { recursive: true });
  process.stdout.write(`\nthe replicas' logs: ${directory}\nthe same steps again: ${reproduce(outcome, rate)}\n`);
  process.exitCode = exitCodes.wrong;
}

const program = new Command("soak").description("Runs the operator for a long time, and checks all that it does.");
program
  .command("run", { isDefault: true })
  .description(
    "changes and faults at random, against a model of what the ConfigMaps have to hold. Exit codes: 0 all was right, 1 something was wrong, 2 the soak itself failed, 130 it was stopped",
  )
  .option("--minutes <n>", "how long, but for the last quiet point", count(10_000), 2)
  .option("--steps <n>", "ends after so many steps, if not before", count(999_999_999), 999_999_999)
  .option(
    "--seed <n>",
    "what decides all that happens; any by default",
    wholeNumber(0, mostSeed, "Give a whole number."),
  )
  .option("--replicas <n>", "replicas of the operator", count(5), 2)
  .option("--shards <n>", "Leases that they share", count(16), 3)
  .option("--rate <n>", "steps a second", count(1_000), 20)
  .option("--operator <main.cjs>", "a build of the operator; its source by default")
  .option("--json <file>", "write the closing figures there, as JSON")
  .action(run);
program.showHelpAfterError().exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.failed;
  else {
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
}
