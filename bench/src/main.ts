import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { systemClock } from "@metadata-mirror/api-client";
import { Command, InvalidArgumentError, Option } from "commander";
import { benchAmbassador, describe, missed } from "./ambassador/ambassador.ts";
import { prepared, runWorkload } from "./bench.ts";
import type { Contestant, Host } from "./contestants/contestant.ts";
import { contestants as all } from "./contestants/contestants.ts";
import { operatorContestant } from "./contestants/metadata-mirror.ts";
import { judge } from "./goals.ts";
import { keepResult, writeDocs } from "./report/files.ts";
import { describeGoals, describeWorkload } from "./report/text.ts";
import type { WorkloadResult } from "./result.ts";
import { selectedContestants, selectedWorkloads } from "./selection.ts";

function count(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError("Give a whole number, 1 or more.");
  return Number(text);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function hostUntilStopped(): Omit<Host, "directory"> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Error("stopped")));
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  return { env: process.env, node: process.execPath, report, signal: stop.signal };
}

interface RunOptions {
  readonly rounds?: number;
  readonly contestants?: string;
  readonly operator: readonly string[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly writeDocs: boolean;
}

/** A build of the operator, given as `<name>=<path>` or as a path alone. */
function buildOf(given: string, index: number): Contestant {
  const [, name = `operator ${index + 1}`, path = ""] = /^(?:([\w -]+)=)?(.*)$/s.exec(given) ?? [];
  return operatorContestant(resolve(path), `operator-${index + 1}`, name);
}

async function run(ids: readonly string[], options: RunOptions): Promise<void> {
  const { quick, json, operator } = options;
  await using scratch = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-bench-"));
  const host: Host = { ...hostUntilStopped(), directory: scratch.path };
  const selection = { workloads: ids, contestants: options.contestants?.split(","), quick };
  const [workloads, peers] = [selectedWorkloads(selection), selectedContestants(selection)];
  const builds = operator.map(buildOf);
  const contestants = await prepared({ contestants: [...peers, ...builds], host });
  const rounds = options.rounds ?? (quick ? 1 : 3);
  const results: WorkloadResult[] = [];
  for (const workload of workloads) {
    const result = await runWorkload(workload, { host, clock: systemClock, contestants, rounds, quick });
    results.push(result);
    if (options.writeDocs) await keepResult(result).then(writeDocs);
    if (!json)
      process.stdout.write(`${describeWorkload(result, quick ? `${workload.title}; in short` : workload.title)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(results)}\n`);
  // in few changes of few pods there is nothing to reach
  const verdicts = quick ? [] : results.flatMap((result) => judge(result));
  if (!json) process.stdout.write(describeGoals(verdicts));
  if (verdicts.some(({ met }) => !met)) process.exitCode = 2;
}

interface AmbassadorOptions {
  readonly rounds: number;
  readonly duration: number;
  readonly json: boolean;
}

async function runAmbassador({ rounds, duration, json }: AmbassadorOptions): Promise<void> {
  const results = await benchAmbassador({ ...hostUntilStopped(), rounds, durationMs: duration });
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : describe(results));
  const lines = missed(results);
  for (const line of lines) process.stderr.write(`missed: ${line}\n`);
  if (lines.length > 0) process.exitCode = 2;
}

const program = new Command("bench").description("Measures side by side, on loopback, against a real API server.");
program
  .command("run [workloads...]", { isDefault: true })
  .description(
    "the operator beside others that do the same job, in w1 to w7, or in those named (w8: 50,000 pods); ends with 2 where the operator misses a goal",
  )
  .option("--rounds <n>", "rounds, of which the medians count", count)
  .option("--contestants <ids>", `by commas, or none; default all of ${all.map(({ id }) => id).join(", ")}`)
  .option("--operator <[name=]bundle>", "another build of the operator to measure too; may be repeated", collect, [])
  .option(
    "--quick",
    "a first impression, in under 3 minutes once all is built: w1 to w4 with fewer pods and changes, in one round, of floor, cr, cr-shards and the operator",
    false,
  )
  .option("--json", "print the figures as JSON", false)
  .addOption(
    new Option("--write-docs", "keep the figures in docs/figures/bench, and write docs/performance.md")
      .default(false)
      .conflicts("quick"),
  )
  .action(run);
program
  .command("docs")
  .description("writes docs/performance.md and its plots from the figures in docs/figures/bench")
  .action(writeDocs);
program
  .command("ambassador")
  .description(
    "small GETs through the ambassador and through kubectl proxy; ends with 2 where the ambassador misses a goal",
  )
  .option("--rounds <n>", "rounds, of which the medians count", count, 10)
  .option("--duration <ms>", "how long each contestant is under load in each round", count, 2_000)
  .option("--json", "print the figures as JSON", false)
  .action(runAmbassador);
program.showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
