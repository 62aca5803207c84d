import { join } from "node:path";
import {
  bundle,
  createWorld,
  type Host as BenchHost,
  imageEnv,
  operatorNodeFlags,
  type World,
} from "@metadata-mirror/bench";
import type { Clock } from "@metadata-mirror/api-client";
import { poll } from "@metadata-mirror/control-plane";
import type { Counters } from "../cluster/counters.ts";
import { type OperatorProcess, startOperator } from "../cluster/operator-process.ts";
import { mirrorLabel } from "../cluster/resources.ts";
import { createRandom } from "../random.ts";
import { churn, type Counts } from "./churn.ts";
import { type Cluster, clusterOf, paths } from "./cluster.ts";
import { describeHeap, type Heap, type HeapProbe, heapProbe } from "./heap.ts";
import { enter } from "./moves.ts";
import { type Size, stageOf } from "./stage.ts";
import { bytesOf, faultsOf, type Objects, type Sample, type Still } from "./verdict.ts";

export interface LimitsOptions extends Size {
  readonly seed: number;
  /** How many moves a second. */
  readonly perSecond: number;
  /** How long each round is before the first look, two at least; and how long it is between the first and the last. */
  readonly warmUpMs: number;
  readonly forMs: number;
  /** How many bytes may stay of each thing that went. */
  readonly mostKept: number;
  /** A build of the operator; its bundle is made where none is given. */
  readonly operator: string | undefined;
  readonly host: BenchHost & { readonly clock: Clock };
}

/** What came of it. */
export interface LimitsOutcome extends Size {
  readonly seed: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly before: Still;
  readonly after: Still;
  readonly samples: readonly Sample[];
  /** The moves between the two. */
  readonly moves: Counts;
  /** How many names are no more: of pods and mirrors most of all. */
  readonly gone: number;
  /** What the operator counted meanwhile. */
  readonly counters: Counters;
  /** What is wrong; nothing where that is empty. */
  readonly faults: readonly string[];
}

const sampleEveryMs = 30_000;

/** Nothing is going on where nothing was passed over for so long, in milliseconds; and it is waited for that so long at most. */
const quietMs = 3_000;
const settleMs = 600_000;

/** Runs the operator as it is deployed beside pods and mirrors that come, go and change, and looks at its heap before and after. */
export async function limits(options: LimitsOptions): Promise<LimitsOutcome> {
  const { seed, host, perSecond, warmUpMs, forMs } = options;
  const { clock, signal, report } = host;
  const stage = stageOf(options);
  const mainFile = options.operator ?? (await bundle("operator", join(host.directory, "operator"), signal));
  await using world = await createWorld({ pods: stage.pods, mirrors: [] }, host, clock);
  const cluster = clusterOf(world.api);
  const troupe = await enter({ cluster, world, clock, random: createRandom(seed), signal, stage });
  report(`${stage.seats.length} mirrors are there`);
  const probe = heapProbe(join(host.directory, "heap.jsonl"), signal);
  await using operator = await start(mainFile, world, probe, options);
  const read = () => probe.read(() => operator.send("SIGUSR2"));
  const look = () => still(cluster, operator, read, options);

  await settle(operator, options);
  report("in sync; warming up");
  const before = await warmUp(() => churn(troupe, perSecond, warmUpMs), look);
  const countersBefore = await operator.counters();
  const madeBefore = troupe.made;
  report(`before: ${describeHeap(before.heap)}`);

  const samples: Sample[] = [];
  const ended = new AbortController();
  const [moves] = await Promise.all([
    churn(troupe, perSecond, forMs).finally(() => ended.abort()),
    sample(samples, read, options, ended.signal),
  ]);
  const after = await look();
  report(`after: ${describeHeap(after.heap)}`);
  const counters = difference(await operator.counters(), countersBefore);
  const gone = troupe.made - madeBefore;
  const { mirrors, pods, mostKept } = options;
  return {
    mirrors,
    pods,
    seed,
    warmUpSeconds: warmUpMs / 1000,
    seconds: forMs / 1000,
    before,
    after,
    samples,
    moves,
    gone,
    counters,
    faults: [...faultsOf(before, after, gone, mostKept), ...leaseFaults(counters)],
  };
}

/** How often it's warmed up at most, and by which part the heap may still fall from one to the next. */
const mostRounds = 8;
const stillFalls = 0.05;

/** Churns, and looks, until the heap falls no more: what the start took is let go of bit by bit. */
async function warmUp(round: () => Promise<unknown>, look: () => Promise<Still>): Promise<Still> {
  let last: Still | undefined;
  for (let rounds = 0; rounds < mostRounds; rounds++) {
    await round();
    const now = await look();
    if (last !== undefined && bytesOf(now.heap) > bytesOf(last.heap) * (1 - stillFalls)) return now;
    last = now;
  }
  throw new Error(`after ${mostRounds} rounds the heap still falls: give longer ones`);
}

/** Who lost its Lease has forgotten its mirrors, and learned of them anew: its heap tells nothing then. */
function leaseFaults({ lease_faults: faults = 0 }: Counters): readonly string[] {
  return faults === 0 ? [] : [`${faults} requests about the Lease failed: the machine is too busy to tell`];
}

/** As its image and its Deployment have it, and with the probe. */
function start(mainFile: string, { controlPlane }: World, probe: HeapProbe, { host }: LimitsOptions) {
  const env = { ...imageEnv, ...probe.env, KUBECONFIG: controlPlane.kubeconfigPath };
  const logPath = join(host.directory, "operator.log");
  return startOperator({ node: host.node, args: [...operatorNodeFlags, mainFile], env, logPath, clock: host.clock }, 1);
}

/** Waits until nothing is going on, removes what a garbage collector would have, and looks. */
async function still(
  cluster: Cluster,
  operator: OperatorProcess,
  read: () => Promise<Heap>,
  options: LimitsOptions,
): Promise<Still> {
  await settle(operator, options);
  const mirrors = new Set((await cluster.list(paths.allMirrors)).map(({ namespace, name }) => `${namespace}/${name}`));
  const configMaps = await cluster.list(paths.ourConfigMaps);
  const orphans = configMaps.filter(
    ({ namespace, labels = {} }) => !mirrors.has(`${namespace}/${labels[mirrorLabel]}`),
  );
  for (const { namespace, name } of orphans) await cluster.remove(`${paths.configMaps(namespace)}/${name}`);
  const objects: Objects = {
    mirrors: mirrors.size,
    pods: (await cluster.list(paths.allPods)).length,
    configMaps: configMaps.length - orphans.length,
  };
  await settle(operator, options);
  return { objects, heap: await read() };
}

/** Waits until no ConfigMap is written for a while. Throws where the operator has ended, or goes on for minutes. */
async function settle(operator: OperatorProcess, { host: { clock, signal } }: LimitsOptions): Promise<void> {
  let since = clock.monotonic();
  let last = "";
  const isQuiet = async (): Promise<true | undefined> => {
    if (operator.hasEnded) throw new Error(`the operator has ended:\n${await operator.lastLines()}`);
    const { configmap_writes: writes, refreshes } = await operator.counters();
    const now = `${writes} ${refreshes}`;
    if (writes === undefined || now !== last) since = clock.monotonic();
    last = now;
    return clock.monotonic() - since >= quietMs ? true : undefined;
  };
  await poll(isQuiet, { everyMs: 250, timeoutMs: settleMs, signal });
}

/** Looks every 30 s, until `ended`. */
async function sample(
  into: Sample[],
  read: () => Promise<Heap>,
  { host: { clock } }: LimitsOptions,
  ended: AbortSignal,
): Promise<void> {
  const begun = clock.monotonic();
  for (;;) {
    await clock.sleep(sampleEveryMs, ended);
    if (ended.aborted) return;
    const seconds = (clock.monotonic() - begun) / 1000;
    into.push({ seconds, heap: await read() });
  }
}

function difference(after: Counters, before: Counters): Counters {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));
}
