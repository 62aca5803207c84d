import { nodeList, nodeStart } from "../contestants/bare-node.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { usageOf } from "../measure/process-usage.ts";
import { serversCpu } from "../measure/server-usage.ts";
import { startSession } from "../measure/session.ts";
import { pause, untilVisible } from "../measure/wait.ts";
import type { Case, Run } from "../result.ts";
import { takeTurns } from "../rounds.ts";
import { verify } from "../world/verify.ts";
import { createWorld, oneMirror, reset, type World } from "../world/world.ts";
import { listAlone } from "./list-alone.ts";
import { slow } from "./slow.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const deadlineMs = 60_000;

/** What an object can hold of such lines is 2,000; who puts all into one gets room to spare. */
const mostPerObject = 1_000;

const mostPodsOfSlow = 5_000;

/** W3: from the start of the process to all pods visible, with nothing written before. */
export const coldStart: Workload = {
  id: "w3",
  title: "cold start: 5,000 and 10,000 pods, nothing written before",
  async run(options) {
    const cases: Case[] = [];
    for (const pods of options.quick ? [1_000] : [5_000, 10_000]) cases.push(await measure(pods, options));
    return cases;
  },
};

async function measure(pods: number, { host, clock, contestants, rounds }: BenchOptions): Promise<Case> {
  await using world = await createWorld(oneMirror(pods), host, clock);
  const able = contestants.filter(({ id }) => pods <= mostPodsOfSlow || !slow.has(id));
  const entrants = [nodeList, nodeStart, ...able];
  const results = await takeTurns(entrants, { ...host, rounds, once: slow }, (contestant) => turn(world, contestant));
  return { id: `${pods}`, title: `${pods.toLocaleString("en")} pods`, contestants: results };
}

async function turn(world: World, contestant: Contestant): Promise<Run> {
  await reset(world);
  if (contestant === nodeList) return listAlone(world, deadlineMs);
  const { controlPlane, ledger } = world;
  const before = await serversCpu(controlPlane);
  await using session = await startSession(world, contestant, { mostPerObject });
  const all = await untilVisible(world, session, deadlineMs);
  // what comes right after it counts too
  await pause(world, session, 1_000);
  const { replicas, startedAt, observer } = session;
  const [own, servers] = [await usageOf(replicas), await serversCpu(controlPlane)];
  const { writes, bytes } = observer.sighted();
  const visibleAt = ledger.latest().reduce((last, seq) => Math.max(last, ledger.shownAt(seq) ?? 0), 0);
  const figures = {
    seconds: all ? (visibleAt - startedAt) / 1000 : deadlineMs / 1000,
    ownCpu: own.cpuSeconds,
    serversCpu: servers - before,
    rss: own.rss,
    peakRss: own.peakRss,
    writes,
    stored: bytes,
  };
  if (all) {
    await verify(world);
    return { figures };
  }
  const shown = ledger.size - ledger.behind;
  return {
    figures,
    beyond: ["seconds", "ownCpu", "serversCpu"],
    note: `${shown} of ${ledger.size} pods in ${deadlineMs / 1000} s`,
  };
}
