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
import { soak } from "./soak.ts";

/** What the exit codes mean. */
const exitCodes = { wrong: 1, failed: 2, stopped: 130 };

const count = (most: number) => wholeNumber(1, most, `Give a whole number from 1 to ${most}.`);

/** A seed is a whole number, which is easy to type again. */
const mostSeed = 999_999_999;
const seedNumber = wholeNumber(0, mostSeed, "Give a whole number.");
const anySeed = () => Math.floor(systemRandom() * mostSeed);

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

/** What both commands run on. */
interface Common {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly node: string;
  readonly clock: typeof systemClock;
  readonly signal: AbortSignal;
}

/** Does it until SIGTERM or Ctrl-C; undefined where it was stopped by that. */
async function untilStopped<T>(work: (host: Common) => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Error("stopped")));
  try {
    return await work({ env: process.env, node: process.execPath, clock: systemClock, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.exitCode = exitCodes.stopped;
    return undefined;
  }
}

async function keep(file: string | undefined, outcome: object): Promise<void> {
  if (file !== undefined) await writeFile(file, `${JSON.stringify(outcome, undefined, 2)}\n`);
}

async function run({ minutes, json, ...options }: RunOptions): Promise<void> {
  const { seed = anySeed(), steps = Infinity, rate, operator } = options;
  const directory = await mkdtemp(join(tmpdir(), "metadata-mirror-soak-"));
  process.stderr.write(`soak: seed ${seed}; the replicas' logs are in ${directory}\n`);
  const outcome = await untilStopped(async (common) => {
    using told = teller();
    return await soak({
      ...options,
      steps,
      seed,
      stage,
      directory,
      forMs: minutes * 60_000,
      operator: operator && resolve(operator),
      host: { ...common, report: (line) => void process.stderr.write(`${line}\n`), progress: told.progress },
    });
  });
  if (outcome === undefined) return;
  process.stdout.write(describeOutcome(outcome));
  await keep(json, outcome);
  if (outcome.mismatches.length === 0) return rm(directory, { recursive: true });
  process.stdout.write(`\nthe replicas' logs: ${directory}\nthe same steps again: ${reproduce(outcome, rate)}\n`);
  process.exitCode = exitCodes.wrong;
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
  const { seed = anySeed() } = options;
  await using directory = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-limits-"));
  const outcome = await untilStopped((common) =>
    limits({
      ...options,
      seed,
      perSecond: rate,
      warmUpMs: warmUp * 1000,
      forMs: minutes * 60_000,
      mostKept,
      operator: operator && resolve(operator),
      host: {
        ...common,
        directory: directory.path,
        report: (line) => void process.stderr.write(`limits: ${line}\n`),
      },
    }),
  );
  if (outcome === undefined) return;
  process.stdout.write(describeLimits(outcome));
  await keep(json, outcome);
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
  .option("--seed <n>", "what decides all that happens; any by default", seedNumber)
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
  .option("--seed <n>", "what decides all moves; any by default", seedNumber)
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
