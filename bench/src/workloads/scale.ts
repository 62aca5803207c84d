import type { Contestant } from "../contestants/contestant.ts";
import { usageOf } from "../measure/process-usage.ts";
import { startSession } from "../measure/session.ts";
import { pause, untilInSync, untilVisible } from "../measure/wait.ts";
import type { Run } from "../result.ts";
import { takeTurns } from "../rounds.ts";
import { podSpecs } from "../world/pod.ts";
import { verify } from "../world/verify.ts";
import { clear, createWorld, reset, type World, type WorldSpec } from "../world/world.ts";
import { bareStarts, start } from "./start.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const namespaces = ["shop-a", "shop-b", "shop-c", "shop-d", "shop-e"];
const podsEach = 10_000;
const pods = namespaces.length * podsEach;
const deadlineMs = 120_000;
const idleMs = 10_000;
const steadyMs = 30_000;

/** W8: as many pods as a large cluster has, all of them mirrored. It takes minutes to make them. */
export const scale: Workload = {
  id: "w8",
  title: "scale: 50,000 pods in 5 mirrors; memory over what it has without mirrors, cold start",
  entrants: ["metadata-mirror"],
  byHand: true,
  async run({ host, clock, contestants, rounds }: BenchOptions) {
    await using world = await createWorld(manyPods(), host, clock);
    const results = await takeTurns([...bareStarts, ...contestants], { ...host, rounds }, (contestant) =>
      bareStarts.includes(contestant) ? start(world, contestant, { deadlineMs }) : turn(world, contestant),
    );
    return [{ id: `${pods}`, title: `${pods.toLocaleString("en")} pods`, contestants: results }];
  },
};

function manyPods(): WorldSpec {
  return {
    pods: namespaces.flatMap((namespace, index) => podSpecs(namespace, "web", podsEach, index * podsEach)),
    mirrors: namespaces.map((namespace) => ({ namespace, app: "web", name: "peers" })),
  };
}

async function turn(world: World, contestant: Contestant): Promise<Run> {
  const idle = await idleRss(world, contestant);
  await reset(world);
  await using session = await startSession(world, contestant);
  if (!(await untilVisible(world, session, deadlineMs))) {
    throw new Error(`after ${deadlineMs / 1000} s ${world.ledger.behind} of ${pods} pods are not visible`);
  }
  const shownAt = world.ledger.latest().map((seq) => world.ledger.shownAt(seq) ?? Infinity);
  const visibleAt = shownAt.reduce((last, at) => Math.max(last, at), 0);
  await untilInSync(world, session, deadlineMs);
  await pause(world, session, steadyMs);
  const { rss, peakRss, cpuSeconds } = await usageOf(session.replicas);
  const { writes, bytes } = session.observer.sighted();
  await verify(world);
  const seconds = (visibleAt - session.startedAt) / 1000;
  const rssPerPod = (rss - idle) / pods;
  return { figures: { seconds, ownCpu: cpuSeconds, rss, peakRss, rssPerPod, writes, stored: bytes } };
}

/** What the contestant has in memory where there is nothing to do. */
async function idleRss(world: World, contestant: Contestant): Promise<number> {
  await clear(world);
  await using session = await startSession(world, contestant);
  await pause(world, session, idleMs);
  return (await usageOf(session.replicas)).rss;
}
