import { readFile } from "node:fs/promises";
import { nodeList } from "../contestants/bare-node.ts";
import { usageOf } from "../measure/process-usage.ts";
import { serversCpu } from "../measure/server-usage.ts";
import { type Session, startSession } from "../measure/session.ts";
import { pause } from "../measure/wait.ts";
import type { Run } from "../result.ts";
import type { World } from "../world/world.ts";

/** How long a Node.js that drops them takes to receive all pods, and what that costs: whoever starts can't show them sooner. */
export async function listAlone(world: World, deadlineMs: number): Promise<Run> {
  const before = await serversCpu(world.controlPlane);
  await using session = await startSession(world, nodeList);
  const listedAt = await untilListed(world, session, deadlineMs);
  const { cpuSeconds, rss, peakRss } = await usageOf(session.replicas);
  const seconds = (listedAt - session.startedAt) / 1000;
  const spent = (await serversCpu(world.controlPlane)) - before;
  return {
    figures: { seconds, ownCpu: cpuSeconds, serversCpu: spent, rss, peakRss },
    note: "until it has received all pods: it shows none",
  };
}

/** When it had received them, in monotonic milliseconds. */
async function untilListed(world: World, session: Session, deadlineMs: number): Promise<number> {
  for (let left = deadlineMs; left > 0; left -= 20) {
    for (const { logPath } of session.replicas) {
      const [line] = (await readFile(logPath, "utf8")).split("\n", 1);
      // a line is written whole
      if (line?.endsWith("}")) return (JSON.parse(line) as { listedAt: number }).listedAt - performance.timeOrigin;
    }
    await pause(world, session, 20);
  }
  throw new Error(`not all pods were received in ${deadlineMs / 1000} s`);
}
