import { rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { connect, systemClock } from "@metadata-mirror/api-client";
import { fromKubeconfig } from "@metadata-mirror/auth";
import { Command, InvalidArgumentError } from "commander";
import { execa } from "execa";
import { bringUp } from "./bring-up.ts";
import { deleteCluster, kubeconfigPath } from "./cluster.ts";
import { failureFolder } from "./dump.ts";
import { isEngineToBeHad, stopEngine } from "./engine.ts";
import { writeDocs } from "./evidence/docs.ts";
import type { Surroundings } from "./evidence/surroundings.ts";
import { type FreshnessOptions, measureFreshness } from "./freshness/freshness.ts";
import * as freshness from "./freshness/report.ts";
import type { Host } from "./host.ts";
import { createSteps } from "./progress.ts";
import * as shardCost from "./shard-cost/report.ts";
import { measureShardCost, type ShardCostOptions } from "./shard-cost/shard-cost.ts";

const stop = new AbortController();
// on, not once: where no listener is left, the clean-up of execa ends the process before ours is done
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort(new Error("stopped")));
const host: Host = { env: process.env, uid: process.getuid?.() ?? -1, signal: stop.signal };
const step = createSteps(process.stderr, () => performance.now());

function up(): Promise<void> {
  const node = { executable: process.execPath, version: process.version };
  return bringUp({ host, node, step, report: (line) => void process.stderr.write(`${line}\n`) });
}

async function takeDown(): Promise<void> {
  await step("removing the cluster", (report) => deleteCluster(host, report));
  await step("stopping the engine, if we started it", () => stopEngine(host));
}

async function test(vitestArguments: readonly string[], options: { readonly down: boolean }): Promise<void> {
  const root = join(import.meta.dirname, "../..");
  await rm(failureFolder(""), { recursive: true, force: true });
  // its set-up brings the cluster up, through `up` below
  const { exitCode } = await execa("vitest", ["run", "--project", "e2e", ...vitestArguments], {
    cwd: root,
    stdio: "inherit",
    reject: false,
    preferLocal: true,
    localDir: root,
  });
  process.exitCode = exitCode ?? 1;
  if (options.down) await takeDown();
  else process.stderr.write(`The cluster stays: export KUBECONFIG=${kubeconfigPath(host)}\n`);
}

/** Brings the cluster up, and measures on it. */
async function measured<T>(title: string, measure: (surroundings: Surroundings) => Promise<T>): Promise<T> {
  await up();
  await using client = connect(await fromKubeconfig([kubeconfigPath(host)], { now: () => performance.now() }));
  return await step(title, (report) => measure({ host, client, clock: systemClock, report }));
}

interface ResultOptions {
  readonly json: boolean;
  readonly writeDocs: boolean;
}

/** How the result of a measurement is told. */
interface Report<T> {
  readonly figure: string;
  readonly describe: (result: T) => string;
  readonly plot: (result: T) => string;
}

async function tell<T>(
  result: T,
  { figure, describe, plot }: Report<T>,
  { json, writeDocs: isToBeKept }: ResultOptions,
): Promise<void> {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${describe(result)}\n`);
  if (isToBeKept) await writeDocs({ figure, svg: plot(result), table: describe(result) });
}

async function runFreshness({ json, writeDocs: isToBeKept, ...options }: FreshnessOptions & ResultOptions) {
  const result = await measured("from a peer's change to a consumer's file", (given) =>
    measureFreshness(given, options),
  );
  await tell(result, { figure: "freshness", ...freshness }, { json, writeDocs: isToBeKept });
  const missed = freshness.missed(result);
  if (missed === undefined) return;
  process.stderr.write(`missed: ${missed}\n`);
  process.exitCode = 2;
}

async function runShardCost({ json, writeDocs: isToBeKept, ...options }: ShardCostOptions & ResultOptions) {
  const result = await measured("what shards cost", (given) => measureShardCost(given, options));
  await tell(result, { figure: "shard-cost", ...shardCost }, { json, writeDocs: isToBeKept });
}

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (!/^[0-9]{1,6}$/.test(text) || Number(text) < least) {
      throw new InvalidArgumentError(`Give a whole number, ${least} or more.`);
    }
    return Number(text);
  };
}

const program = new Command("e2e").description(
  "Runs the end-to-end tests on a kind cluster, which stays for the next run. Needs Docker or, without it or without a registry, root on Debian.",
);
program
  .command("test", { isDefault: true })
  .description("bring up what is missing, and run the tests")
  .option("--down", "remove the cluster afterwards, and stop the engine if it was started for it", false)
  .argument("[vitest...]", "files and options for vitest")
  .allowUnknownOption()
  .action(test);
program
  .command("up")
  .description("bring up the cluster with the operator in it, and print how kubectl reaches it")
  .action(async () => {
    await up();
    process.stdout.write(`export KUBECONFIG=${kubeconfigPath(host)}\n`);
  });
program.command("down").description("remove the cluster, stop the engine if we started it").action(takeDown);
program
  .command("freshness")
  .description("measure from a peer's change to the file in a running consumer; ends with 2 where it takes too long")
  .option("--changes <n>", "changes that come apart from each other", wholeNumber(1), 100)
  .option("--burst <n>", "changes that come in quick succession", wholeNumber(0), 50)
  .option("--kubelet-sync <n>", "consumers that wait for their kubelet, for comparison", wholeNumber(0), 3)
  .option("--seed <n>", "what the pauses between the changes are drawn from", wholeNumber(0), 1)
  .option("--json", "print every latency as JSON, instead of a table", false)
  .option("--write-docs", "write table and plot into docs/freshness.md", false)
  .action(runFreshness);
program
  .command("shard-cost")
  .description("measure what many peers cost a consumer's kubelet in few and in many shards")
  .option("--peers <n>", "peers", wholeNumber(1_001), 2_000)
  .option("--rounds <n>", "turns of each, of which the medians count", wholeNumber(1), 3)
  .option("--changes <n>", "changes in each turn", wholeNumber(1), 10)
  .option("--json", "print the figures as JSON, instead of a table", false)
  .option("--write-docs", "write table and plot into docs/freshness.md", false)
  .action(runShardCost);
program
  .command("engine")
  .description("end with 0 if there is a container engine, or one can be installed; with 1 if not")
  .action(async () => {
    process.exitCode = (await isEngineToBeHad(host)) ? 0 : 1;
  });
program.showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`e2e: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stop.signal.aborted ? 130 : 1;
}
