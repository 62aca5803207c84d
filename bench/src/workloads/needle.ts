import type { Contestant } from "../contestants/contestant.ts";
import { usageOf } from "../measure/process-usage.ts";
import { startSession } from "../measure/session.ts";
import { pause, untilInSync, untilVisible } from "../measure/wait.ts";
import { openWindow } from "../measure/window.ts";
import type { Case, Run } from "../result.ts";
import { takeTurns } from "../rounds.ts";
import { change, paced } from "../world/changes.ts";
import { createLedger } from "../world/ledger.ts";
import { type PodSpec, podSpecs } from "../world/pod.ts";
import { changePod, createPods } from "../world/pods.ts";
import { verify } from "../world/verify.ts";
import { createNamespace, createWorld, oneMirror, reset, type World } from "../world/world.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const selected = 200;
const syncMs = 60_000;
const steadyMs = 20_000;
const churnSeconds = 20;

/** Half of them in the mirror's namespace, with other labels; half in two other namespaces, with the same. */
const others: readonly PodSpec[] = [
  ...podSpecs("shop", "other", 9_900, 1_000),
  ...podSpecs("shop-a", "web", 4_950, 20_000),
  ...podSpecs("shop-b", "web", 4_950, 30_000),
];

/** W5: 200 pods are selected; first there are no others, then 19,800. */
export const needle: Workload = {
  id: "w5",
  title: "needle: 200 pods selected, of 200 and of 20,000",
  entrants: ["cr", "metadata-mirror"],
  async run({ host, clock, contestants, rounds }: BenchOptions) {
    await using world = await createWorld(oneMirror(selected), host, clock);
    const phase = async (unselected: readonly PodSpec[]): Promise<Case> => {
      const pods = selected + unselected.length;
      const churn = churnOf(world, unselected);
      const results = await takeTurns(contestants, { ...host, rounds }, (contestant) => turn(world, churn, contestant));
      return { id: `${pods}`, title: `${selected} pods of ${pods.toLocaleString("en")}`, contestants: results };
    };
    const alone = await phase([]);
    for (const namespace of ["shop-a", "shop-b"]) await createNamespace(world.api, namespace);
    await createPods(world, createLedger(), others);
    return [alone, await phase(others)];
  },
};

/** 50 changes a second of pods that nobody selects; returns how many there were. Their numbers are none of the world's. */
function churnOf(world: World, unselected: readonly PodSpec[]): () => Promise<number> {
  const ledger = createLedger(10_000_000);
  return async () => {
    const pods = unselected.slice(0, 50 * churnSeconds);
    await paced([...pods.entries()], 20, world, ([index, pod]) =>
      changePod(world.api, ledger, pod, ledger.issue(index)),
    );
    return pods.length;
  };
}

async function turn(world: World, churn: () => Promise<number>, contestant: Contestant): Promise<Run> {
  await reset(world);
  await using session = await startSession(world, contestant);
  await untilInSync(world, session, syncMs);
  await pause(world, session, steadyMs);
  const { rss } = await usageOf(session.replicas);
  const close = await openWindow(world, session);
  const changes = Array.from({ length: 5 * churnSeconds }, (_, index) => index);
  const [unselected] = await session.guard(Promise.all([churn(), change(world, changes, 200)]));
  if (!(await untilVisible(world, session, syncMs))) throw new Error("changes are not visible");
  const { figures, requests } = await close(changes.length + unselected);
  await verify(world);
  const { ownCpu = 0, serversCpu = 0, peakRss = 0, writes = 0 } = figures;
  return { figures: { rss, peakRss, ownCpu, serversCpu, writes }, requests };
}
