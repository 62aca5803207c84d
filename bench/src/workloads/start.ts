import { nodeList, nodeStart } from "../contestants/bare-node.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { usageOf } from "../measure/process-usage.ts";
import { serversCpu } from "../measure/server-usage.ts";
import { type SessionOptions, startSession } from "../measure/session.ts";
import { pause, untilVisible } from "../measure/wait.ts";
import type { Run } from "../result.ts";
import { verify } from "../world/verify.ts";
import { reset, type World } from "../world/world.ts";
import { listAlone } from "./list-alone.ts";

/** They do nothing of the job but a part of its start: no program for Node.js can start sooner. */
export const bareStarts: readonly Contestant[] = [nodeList, nodeStart];

interface StartOptions extends Pick<SessionOptions, "mostPerObject"> {
  readonly deadlineMs: number;
}

/** From the start of the process to all pods visible, with nothing written before. */
export async function start(
  world: World,
  contestant: Contestant,
  { deadlineMs, ...options }: StartOptions,
): Promise<Run> {
  await reset(world);
  if (contestant === nodeList) return listAlone(world, deadlineMs);
  const { controlPlane, ledger } = world;
  const before = await serversCpu(controlPlane);
  await using session = await startSession(world, contestant, options);
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
