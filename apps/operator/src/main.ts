import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import process from "node:process";
import { connect, systemClock, systemRandom } from "@metadata-mirror/api-client";
import { podNamespace, resolve } from "@metadata-mirror/auth";
import { createLog } from "@metadata-mirror/service";
import { Command } from "commander";
import { giveBack } from "./give-back.ts";
import { runOperator } from "./operator.ts";
import { configOf, type RunOptions, runOptions } from "./options.ts";
import { identityOf } from "./shards/lease-names.ts";

async function run(options: RunOptions): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const log = await createLog(options.logLevel, process.stdout.isTTY);
  const config = configOf(options, await podNamespace(process.env));
  const { kubeconfig, context } = options;
  const credentials = await resolve({
    env: process.env,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  });
  const { server, source, warnings } = credentials;
  log.info({ server, from: source, namespaces: config.namespaces ?? "all" }, "starting");
  for (const warning of warnings) log.warn(warning);
  await using client = connect(credentials);
  const instance = process.env["POD_NAME"] ?? process.env["HOSTNAME"] ?? hostname();
  await runOperator({
    client,
    config,
    clock: systemClock,
    processor,
    random: systemRandom,
    log,
    instance,
    // as client-go has it: a container that starts again is another process than the one before, which may not have ended
    identity: identityOf(`${instance}-${randomUUID().slice(0, 8)}`),
    giveBack() {
      const began = performance.now();
      giveBack();
      log.debug({ tookMs: Math.round(performance.now() - began) }, "gave back what the start took");
    },
    signal: stop.signal,
  });
}

/** How long the processor has worked for this thread, in milliseconds. */
function processor(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const runCommand = new Command("run")
  .description("Keep the ConfigMaps of all MetadataMirrors in sync, until SIGTERM or Ctrl-C.")
  .action(run);
for (const option of runOptions()) runCommand.addOption(option);

const crdsCommand = new Command("crds")
  .description("Print the CustomResourceDefinitions as YAML, for kubectl apply -f -.")
  .action(async () => {
    const { crdsYaml } = await import("./crds.ts");
    process.stdout.write(crdsYaml());
  });

const program = new Command("metadata-mirror")
  .description(
    "Tells pods about their peers: keeps ConfigMaps in sync with fields of the pods that MetadataMirrors select.",
  )
  .addCommand(runCommand, { isDefault: true })
  .addCommand(crdsCommand)
  .showHelpAfterError();

// no await out here: in the bundle what is imported on demand may import from this file, and would wait for it in turn
program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`metadata-mirror: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
