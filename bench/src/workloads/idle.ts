import { nodeAlone, nodeWatches } from "../contestants/bare-node.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { received, receivedInAll } from "../measure/received.ts";
import { usageOf } from "../measure/process-usage.ts";
import { startSession } from "../measure/session.ts";
import { pause, untilInSync } from "../measure/wait.ts";
import { openWindow } from "../measure/window.ts";
import type { Run } from "../result.ts";
import { takeTurns } from "../rounds.ts";
import { createWorld, oneMirror, reset, type World } from "../world/world.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const syncMs = 60_000;
const idleSeconds = 120;
/** What bare Node.js has doesn't change, and is known by then. */
const bareSeconds = 10;

/** They do nothing of the job: what they take tells what no program for Node.js can be below. */
const bare: readonly Contestant[] = [nodeAlone, nodeWatches];

/** Who takes one turn, so that all is done in an hour. */
const once = new Set([...bare.map(({ id }) => id), "cr"]);

/** W7: everything is in sync, and nothing happens. */
export const idle: Workload = {
  id: "w7",
  title: `idle: 200 pods in sync, ${idleSeconds} s`,
  entrants: ["cr", "metadata-mirror"],
  async run({ host, clock, contestants, rounds }: BenchOptions) {
    await using world = await createWorld(oneMirror(200), host, clock);
    const entrants = [...bare, ...contestants];
    const results = await takeTurns(entrants, { ...host, rounds, once }, (contestant) => turn(world, contestant));
    return [{ id: "200", title: "200 pods", contestants: results }];
  },
};

async function turn(world: World, contestant: Contestant): Promise<Run> {
  await reset(world);
  await using session = await startSession(world, contestant);
  const isBare = bare.includes(contestant);
  if (!isBare) await untilInSync(world, session, syncMs);
  const seconds = isBare ? bareSeconds : idleSeconds;
  // what the start leaves to be done is not idleness
  await pause(world, session, 5_000);
  const before = await received(session.replicas);
  const close = await openWindow(world, session);
  await pause(world, session, seconds * 1_000);
  const { figures, requests } = await close(0);
  const after = await received(session.replicas);
  const { filePages } = await usageOf(session.replicas);
  const bytes = before && after && receivedInAll([after]) - receivedInAll([before]);
  const { ownCpu = 0, rss = 0, peakRss = 0, writes = 0, serversCpu = 0 } = figures;
  const corePercent = (100 * ownCpu) / seconds;
  const own = {
    ownCpu,
    corePercent,
    serversCpu,
    rss,
    filePages,
    peakRss,
    idleWrites: writes,
    requests: figures.requests ?? 0,
  };
  return { figures: { ...own, ...(bytes !== undefined && { received: bytes }) }, requests };
}
