import type { Contestant } from "../contestants/contestant.ts";
import { latencyFigures } from "../measure/latency.ts";
import { openBusyTime } from "../measure/machine-usage.ts";
import { mirrorsOwned } from "../measure/owned.ts";
import { type Session, startSession } from "../measure/session.ts";
import { pause, untilInSync, untilVisible } from "../measure/wait.ts";
import { openWindow } from "../measure/window.ts";
import type { Case, Figures, Run } from "../result.ts";
import { takeTurns } from "../rounds.ts";
import { change, shuffled } from "../world/changes.ts";
import type { MirrorSpec } from "../world/mirror.ts";
import { type PodSpec, podSpecs } from "../world/pod.ts";
import { verify } from "../world/verify.ts";
import { createWorld, reset, type World, type WorldSpec } from "../world/world.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const namespaces = 20;
const quickNamespaces = 4;
const appsPerNamespace = 25;
const podsPerApp = 50;
/** Who has a mirror of each app: its own pods, and a gateway before them. */
const readers = ["peers", "gateway"];

/** Leases that the replicas share: several for each, so that those of a replica that has ended are spread over the others. */
const shards = 12;

const syncMs = 120_000;
const deadlineMs = 30_000;
const balancedMs = 5_000;
/** The start has drawn on the budget of stored bytes: after 8 s it is as full as that of an operator that has been there for long. */
const settleMs = 10_000;
const takeoverMs = 60_000;
/** Leases are of 15 s, and renewed every 2 s and up to 0.4 more: by then after a replica has ended the first of its own expire. */
const firstExpiryMs = 12_600;
const changes = 400;
const quickChanges = 100;

/** W6: 25,000 pods, each change of which is to be seen in the ConfigMaps of two mirrors. */
export const many: Workload = {
  id: "w6",
  title: "many: 1,000 mirrors of 50 pods each, 20 changes a second for 20 s; 1 replica, then 3, one of which is killed",
  entrants: ["metadata-mirror"],
  async run({ host, clock, contestants, rounds, quick }: BenchOptions) {
    const spec = manyMirrors(quick ? quickNamespaces : namespaces);
    await using world = await createWorld(spec, host, clock);
    let seed = 0;
    const measure = async (replicas: number, title: string): Promise<Case> => {
      const results = await takeTurns(contestants, { ...host, rounds }, (contestant) => {
        seed += 1;
        const indices = shuffled(spec.pods.length, quick ? quickChanges : changes, seed);
        return turn(world, contestant, replicas, indices);
      });
      return { id: `${replicas}`, title, contestants: results };
    };
    return [await measure(1, "1 replica"), await measure(3, "3 replicas")];
  },
};

function manyMirrors(count: number): WorldSpec {
  const pods: PodSpec[] = [];
  const mirrors: MirrorSpec[] = [];
  for (let index = 0; index < count * appsPerNamespace; index++) {
    const namespace = `team-${index % count}`;
    const app = `app-${Math.floor(index / count)}`;
    pods.push(...podSpecs(namespace, app, podsPerApp, index * podsPerApp));
    mirrors.push(...readers.map((reader) => ({ namespace, app, name: `${app}-${reader}` })));
  }
  return { pods, mirrors };
}

async function turn(world: World, contestant: Contestant, replicas: number, indices: readonly number[]): Promise<Run> {
  await reset(world);
  const operatorEnv = { METADATA_MIRROR_SHARDS: `${replicas === 1 ? 1 : shards}` };
  await using session = await startSession(world, contestant, { replicas, operatorEnv });
  await untilInSync(world, session, syncMs);
  const owned = replicas === 1 ? {} : await untilBalanced(world, session);
  await pause(world, session, settleMs);
  const close = await openWindow(world, session);
  const first = await session.guard(change(world, indices, 50));
  await untilVisible(world, session, deadlineMs);
  const { figures, requests } = await close(indices.length);
  const latencies = latencyFigures(world.ledger.latencies(first), deadlineMs);
  if (latencies.note === undefined) await verify(world);
  const taken = replicas === 1 ? {} : await takeOver(world, session);
  return { ...latencies, figures: { ...latencies.figures, ...figures, ...owned, ...taken }, requests };
}

/** Waits until no mirror has moved to another replica for a while, and tells how many each has. */
async function untilBalanced(world: World, session: Session): Promise<Figures> {
  const deadline = performance.now() + syncMs;
  let owned = await mirrorsOwned(session);
  for (let since = performance.now(); performance.now() - since < balancedMs; ) {
    if (performance.now() > deadline) throw new Error(`after ${syncMs / 1000} s mirrors still moved between replicas`);
    await pause(world, session, 250);
    const now = await mirrorsOwned(session);
    if (now.join() !== owned.join()) since = performance.now();
    owned = now;
  }
  const sum = owned.reduce((total, count) => total + count, 0);
  if (sum !== world.mirrors.length) throw new Error(`the replicas have ${owned.join(", ")} mirrors: not each once`);
  return { mirrorsLeast: Math.min(...owned), mirrorsMost: Math.max(...owned) };
}

/** Kills a replica and changes a pod of each app: how long until all mirrors show it, those of the killed one too. */
async function takeOver(world: World, session: Session): Promise<Figures> {
  const [victim] = session.replicas;
  const killedAt = performance.now();
  await victim?.kill();
  const oneOfEach = Array.from({ length: world.pods.length / podsPerApp }, (_, app) => app * podsPerApp);
  const first = await session.guard(change(world, oneOfEach, 20));
  await pause(world, session, Math.max(0, killedAt + firstExpiryMs - performance.now()));
  const busy = await openBusyTime();
  if (!(await untilVisible(world, session, takeoverMs))) {
    throw new Error(`${takeoverMs / 1000} s after a replica was killed ${world.ledger.behind} changes are not visible`);
  }
  const takeoverBusy = 100 * (await busy());
  const shownAt = oneOfEach.map((_, index) => world.ledger.shownAt(first + index) ?? Infinity);
  await verify(world);
  return { takeover: (Math.max(...shownAt) - killedAt) / 1000, takeoverBusy };
}
