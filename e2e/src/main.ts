import { rm } from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import { Command } from "commander";
import { execa } from "execa";
import { deleteCluster, kubeconfigPath } from "./cluster.ts";
import { dump, failureFolder } from "./dump.ts";
import { isEngineToBeHad, stopEngine } from "./engine.ts";
import type { Host } from "./host.ts";
import { createSteps } from "./progress.ts";
import { up } from "./up.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Error("stopped")));
const host: Host = { env: process.env, uid: process.getuid?.() ?? -1, signal: stop.signal };
const step = createSteps(process.stderr, () => performance.now());

async function bringUp(): Promise<void> {
  try {
    await up(host, { executable: process.execPath, version: process.version }, step);
  } catch (error) {
    if (stop.signal.aborted) throw error;
    const folder = failureFolder("up");
    await dump(host, folder);
    process.stderr.write(`what the cluster says is in ${relative(process.cwd(), folder)}\n`);
    throw error;
  }
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
    await bringUp();
    process.stdout.write(`export KUBECONFIG=${kubeconfigPath(host)}\n`);
  });
program.command("down").description("remove the cluster, stop the engine if we started it").action(takeDown);
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
