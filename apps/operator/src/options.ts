import { isProblem, parseQuantity, wholeUnits } from "@metadata-mirror/metadata-model";
import { asBoolean, logLevels, optionsOf, portNumber, wholeNumber } from "@metadata-mirror/service";
import { InvalidArgumentError, type Option } from "commander";
import { defaultConfig, type LeaseConfig, type OperatorConfig } from "./config.ts";

/** What the command line of `run` says, by the names of its flags. */
export interface RunOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: readonly string[];
  readonly workers: number;
  readonly writeBytesPerSecond: number;
  readonly namespaceWriteBytesPerSecond: number;
  readonly minWriteInterval: number;
  readonly refreshQps: number;
  readonly healthPort?: number;
  readonly leaderElect: boolean;
  readonly shards: number;
  readonly leaseNamespace?: string;
  readonly logLevel: string;
}

/**
 * The part of the options that is the operator's own; `ownNamespace` is that of its pod, undefined where it is in none.
 *
 * @throws where there is to be a Lease, and nothing says in which namespace.
 */
export function configOf(options: RunOptions, ownNamespace: string | undefined): OperatorConfig {
  const {
    namespace,
    minWriteInterval,
    workers,
    writeBytesPerSecond,
    namespaceWriteBytesPerSecond,
    refreshQps,
    healthPort,
  } = options;
  return {
    namespaces: namespace,
    workers,
    writeBytesPerSecond,
    namespaceWriteBytesPerSecond,
    minWriteIntervalMs: minWriteInterval,
    refreshQps,
    healthPort,
    leases: leasesOf(options, ownNamespace),
  };
}

/** More than one shard takes Leases, whether they were asked for or not: without them all replicas would write all mirrors. */
function leasesOf(
  { leaderElect, shards, leaseNamespace }: RunOptions,
  ownNamespace: string | undefined,
): LeaseConfig | undefined {
  if (!leaderElect && shards === 1) return undefined;
  const namespace = leaseNamespace ?? ownNamespace;
  if (namespace !== undefined) return { namespace, shards };
  throw new Error(
    "--leader-elect and --shards keep Leases in the operator's own namespace, and outside a pod it has none: give --lease-namespace, the same for all replicas.",
  );
}

/** A smaller budget would hold a large ConfigMap back for days. */
const leastBudget = 1024n;

function bytes(text: string): number {
  const quantity = parseQuantity(text);
  const value = isProblem(quantity) ? quantity : wholeUnits(quantity);
  if (isProblem(value) || value < leastBudget)
    throw new InvalidArgumentError("Give bytes, 1Ki at least, such as 4194304 or 4Mi.");
  return Number(value);
}

function names(text: string): string[] {
  const given = new Set(text.split(",").map((name) => name.trim()));
  // "" would watch all namespaces
  given.delete("");
  if (given.size === 0) throw new InvalidArgumentError("Give names of namespaces, such as shop,shop-eu.");
  return [...given];
}

function oneName(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError("Give the name of a namespace, such as metadata-mirror.");
  return text;
}

/** Each is a Lease that is written every 2 s. */
const mostShards = 256;

const option = optionsOf("METADATA_MIRROR");

/** The options of `run`, in the order of its help. */
export function runOptions(): readonly Option[] {
  const { workers, writeBytesPerSecond, namespaceWriteBytesPerSecond, minWriteIntervalMs, refreshQps } = defaultConfig;
  const count = wholeNumber(1, 1_000, "Give a whole number from 1 to 1000.");
  const milliseconds = wholeNumber(0, 3_600_000, "Give milliseconds up to an hour, such as 250.");
  return [
    option(
      "--kubeconfig <file>",
      "kubeconfig to use; default KUBECONFIG, KUBERNETES_AMBASSADOR, in-cluster, ~/.kube/config",
    ),
    option("--context <name>", "context of the kubeconfig; default its current one"),
    option("-n, --namespace <names>", "namespaces to watch, by commas; default all").argParser(names),
    option("--workers <n>", "mirrors worked on at once, and as many pods refreshed").argParser(count).default(workers),
    option("--write-bytes-per-second <bytes>", "budget of bytes stored in etcd, in all, for each replica")
      .argParser(bytes)
      .default(writeBytesPerSecond, "4Mi"),
    option("--namespace-write-bytes-per-second <bytes>", "the same for each namespace")
      .argParser(bytes)
      .default(namespaceWriteBytesPerSecond, "2Mi"),
    option("--min-write-interval <ms>", "least time between two writes of one mirror")
      .argParser(milliseconds)
      .default(minWriteIntervalMs),
    option("--refresh-qps <n>", "pods told of a change a second, where refreshPolicy is Immediate")
      .argParser(count)
      .default(refreshQps),
    option("--health-port <port>", "serve /livez, /readyz and /metrics there").argParser(portNumber),
    asBoolean(
      option("--leader-elect [boolean]", "write only what a Lease says is ours, so that there may be several replicas"),
      false,
    ),
    option("--shards <n>", "parts of the mirrors, a Lease each, that replicas share; the same for all of them")
      .argParser(wholeNumber(1, mostShards, `Give a whole number from 1 to ${mostShards}.`))
      .default(1),
    option("--lease-namespace <name>", "where the Leases are; default the pod's own namespace").argParser(oneName),
    option("--log-level <level>", "how much to log").choices(logLevels).default("info"),
  ];
}
