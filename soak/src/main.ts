import { mkdtemp, mkdtempDisposable, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { systemClock, systemRandom } from "@metadata-mirror/api-client";
import { wholeNumber } from "@metadata-mirror/service";
import { Command, CommanderError } from "commander";
import { createLogUpdate } from "log-update";
import { limits, type LimitsOptions } from "./limits/limits.ts";
import { describeLimits } from "./limits/text.ts";
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

/** What the command line of `limits` says. */
interface LimitsFlags extends Pick<LimitsOptions, "mirrors" | "pods"> {
  readonly minutes: number;
  readonly warmUp: number;
  readonly rate: number;
  readonly seed?: number;
  readonly operator?: string;
  readonly json?: string;
}

/** How many bytes of heap may stay of each thing that went, where thousands do. */
const mostKept = 500;

async function runLimits({ minutes, warmUp, rate, json, operator, ...options }: LimitsFlags): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Error("stopped")));
  const { seed = Math.floor(systemRandom() * mostSeed) } = options;
  await using directory = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-limits-"));
  const outcome = await limits({
    ...options,
    seed,
    perSecond: rate,
    warmUpMs: warmUp * 1000,
    forMs: minutes * 60_000,
    mostKept,
    operator: operator === undefined ? undefined : resolve(operator),
    host: {
      env: process.env,
      node: process.execPath,
      directory: directory.path,
      clock: systemClock,
      report: (line) => void process.stderr.write(`limits: ${line}\n`),
      signal: stop.signal,
    },
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    process.exitCode = exitCodes.stopped;
    return undefined;
  });
  if (outcome === undefined) return;
  process.stdout.write(describeLimits(outcome));
  if (json !== undefined) await writeFile(json, `${JSON.stringify(outcome, undefined, 2)}\n`);
  if (outcome.faults.length > 0) process.exitCode = exitCodes.wrong;
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

program
  .command("limits")
  .description(
    "whether memory grows: pods, mirrors and namespaces come, go and change, and the heap is looked at before and after. Exit codes: 0 it's within 10 %, 1 it's not, 2 it could not be measured, 130 it was stopped",
  )
  .option("--mirrors <n>", "how many mirrors there are: 200, 300, 400 …", count(100_000), 2_000)
  .option("--pods <n>", "how many pods: a multiple of a quarter of the mirrors", count(90_000), 5_000)
  .option("--minutes <n>", "how long it's between the two looks", count(10_000), 5)
  .option("--warm-up <seconds>", "how long each round is before the first, two at least", count(10_000), 60)
  .option("--rate <n>", "moves a second, or as many as there can be", count(1_000), 30)
  .option("--seed <n>", "what decides all moves; any by default", wholeNumber(0, mostSeed, "Give a whole number."))
  .option("--operator <main.cjs>", "a build of the operator; its bundle by default, made anew")
  .option("--json <file>", "write the figures there, as JSON")
  .action(runLimits);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.failed;
  else {
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
}
