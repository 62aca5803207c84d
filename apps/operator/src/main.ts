import { hostname } from "node:os";
import process from "node:process";
import { connect, systemClock, systemRandom } from "@metadata-mirror/api-client";
import { resolve } from "@metadata-mirror/auth";
import { isProblem, parseQuantity, wholeUnits } from "@metadata-mirror/metadata-model";
import { Command, InvalidArgumentError, Option } from "commander";
import { defaultConfig, type OperatorConfig } from "./config.ts";
import { crdsYaml } from "./crds.ts";
import { createLog, logLevels } from "./log.ts";
import { runOperator } from "./operator.ts";

interface RunOptions extends OperatorConfig {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly logLevel: string;
}

function bytes(text: string): number {
  const quantity = parseQuantity(text);
  const value = isProblem(quantity) ? quantity : wholeUnits(quantity);
  if (isProblem(value) || value <= 0n) throw new InvalidArgumentError("Give bytes, such as 4194304 or 4Mi.");
  return Number(value);
}

function count(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError("Give a whole number from 1 to 99999.");
  return Number(text);
}

function port(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 65535) throw new InvalidArgumentError("Give a port, or 0 for any.");
  return Number(text);
}

function milliseconds(text: string): number {
  if (!/^[0-9]{1,7}$/.test(text)) throw new InvalidArgumentError("Give milliseconds, such as 250.");
  return Number(text);
}

/** An option that can be given by an environment variable too. */
function option(flags: string, description: string, variable: string): Option {
  return new Option(flags, description).env(variable);
}

function list(text: string): string[] {
  const names = new Set(text.split(",").map((name) => name.trim()));
  // "" would watch all namespaces
  names.delete("");
  if (names.size === 0) throw new InvalidArgumentError("Give names of namespaces, such as shop,shop-eu.");
  return [...names];
}

async function run({ kubeconfig, context, logLevel, ...config }: RunOptions): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const log = await createLog(logLevel, process.stdout.isTTY);
  const credentials = await resolve({
    env: process.env,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  });
  log.info(
    { server: credentials.server, from: credentials.source, namespaces: config.namespaces ?? "all" },
    "starting",
  );
  await using client = connect(credentials);
  const instance = process.env["HOSTNAME"] ?? hostname();
  await runOperator({ client, config, clock: systemClock, random: systemRandom, log, instance, signal: stop.signal });
}

const runCommand = new Command("run")
  .description("Keep the ConfigMaps of all MetadataMirrors in sync, until SIGTERM or Ctrl-C.")
  .addOption(
    option(
      "--kubeconfig <file>",
      "kubeconfig to use; default KUBECONFIG, in-cluster, ~/.kube/config",
      "METADATA_MIRROR_KUBECONFIG",
    ),
  )
  .addOption(option("--context <name>", "context of the kubeconfig", "METADATA_MIRROR_CONTEXT"))
  .addOption(
    option(
      "-n, --namespaces <names>",
      "namespaces to watch, by commas; default all",
      "METADATA_MIRROR_NAMESPACES",
    ).argParser(list),
  )
  .addOption(
    option("--workers <n>", "mirrors worked on at once", "METADATA_MIRROR_WORKERS")
      .argParser(count)
      .default(defaultConfig.workers),
  )
  .addOption(
    option(
      "--write-bytes-per-second <bytes>",
      "budget of bytes stored in etcd, in all",
      "METADATA_MIRROR_WRITE_BYTES_PER_SECOND",
    )
      .argParser(bytes)
      .default(defaultConfig.writeBytesPerSecond, "4Mi"),
  )
  .addOption(
    option(
      "--namespace-write-bytes-per-second <bytes>",
      "the same for each namespace",
      "METADATA_MIRROR_NAMESPACE_WRITE_BYTES_PER_SECOND",
    )
      .argParser(bytes)
      .default(defaultConfig.namespaceWriteBytesPerSecond, "2Mi"),
  )
  .addOption(
    option(
      "--min-write-interval <ms>",
      "least time between two writes of one mirror",
      "METADATA_MIRROR_MIN_WRITE_INTERVAL",
    )
      .argParser(milliseconds)
      .default(defaultConfig.minWriteIntervalMs),
  )
  .addOption(
    option("--health-port <port>", "serve /livez, /readyz and /metrics there", "METADATA_MIRROR_HEALTH_PORT").argParser(
      port,
    ),
  )
  .addOption(
    option("--log-level <level>", "how much to log", "METADATA_MIRROR_LOG_LEVEL").choices(logLevels).default("info"),
  )
  .action(async ({ minWriteInterval, ...options }: RunOptions & { minWriteInterval: number }) =>
    run({ ...options, minWriteIntervalMs: minWriteInterval }),
  );

const crdsCommand = new Command("crds")
  .description("Print the CustomResourceDefinitions as YAML, for kubectl apply -f -.")
  .action(() => void process.stdout.write(crdsYaml()));

const program = new Command("metadata-mirror")
  .description(
    "Tells pods about their peers: keeps ConfigMaps in sync with fields of the pods that MetadataMirrors select.",
  )
  .addCommand(runCommand, { isDefault: true })
  .addCommand(crdsCommand)
  .showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`metadata-mirror: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
