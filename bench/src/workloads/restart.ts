import type { Contestant } from "../contestants/contestant.ts";
import { type Received, received, receivedInAll } from "../measure/received.ts";
import { startSession } from "../measure/session.ts";
import { pause, untilInSync, untilVisible } from "../measure/wait.ts";
import type { Run } from "../result.ts";
import { takeTurns } from "../rounds.ts";
import { change } from "../world/changes.ts";
import { verify } from "../world/verify.ts";
import { createWorld, oneMirror, reset, type World } from "../world/world.ts";
import { slow } from "./slow.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const syncMs = 240_000;
const readyMs = 60_000;

/** How long it is looked at what is written and received where nothing changed; and for a first impression. */
const lookMs = 10_000;
const quickLookMs = 3_000;

/** W4: a process that starts again, where everything is in sync but for one pod, and where everything is. */
export const restart: Workload = {
  id: "w4",
  title: "restart: 2,000 pods in sync; one that changed meanwhile, then none",
  async run({ host, clock, contestants, rounds, quick }: BenchOptions) {
    const pods = quick ? 500 : 2_000;
    await using world = await createWorld(oneMirror(pods), host, clock);
    let next = 0;
    const results = await takeTurns(contestants, { ...host, rounds, once: slow }, (contestant) => {
      next = (next + 1) % pods;
      return turn(world, contestant, next, quick ? quickLookMs : lookMs);
    });
    return [{ id: `${pods}`, title: `${pods.toLocaleString("en")} pods`, contestants: results }];
  },
};

async function turn(world: World, contestant: Contestant, pod: number, forMs: number): Promise<Run> {
  await reset(world);
  {
    await using first = await startSession(world, contestant);
    await untilInSync(world, first, syncMs);
  }
  const changed = await afterChange(world, contestant, pod);
  await verify(world);
  return { figures: { ...changed, ...(await afterNothing(world, contestant, forMs)) } };
}

/** One pod changes while the contestant is away: how long until that is visible, and with how many writes. */
async function afterChange(world: World, contestant: Contestant, pod: number) {
  const seq = await change(world, [pod], 0);
  await using session = await startSession(world, contestant);
  if (!(await untilVisible(world, session, readyMs))) throw new Error(`not ready in ${readyMs / 1000} s`);
  await pause(world, session, 2_000);
  const ready = (world.ledger.shownAt(seq) ?? Infinity) - session.startedAt;
  return { ready, writes: session.observer.sighted().writes };
}

/** Nothing changes: what it writes nevertheless, and what it reads. */
async function afterNothing(world: World, contestant: Contestant, forMs: number) {
  await using session = await startSession(world, contestant);
  const looks: Received[] = [];
  while (performance.now() - session.startedAt < forMs) {
    looks.push((await received(session.replicas)) ?? new Map());
    await pause(world, session, 100);
  }
  const bytes = receivedInAll(looks);
  return { idleWrites: session.observer.sighted().writes, ...(bytes > 0 && { received: bytes }) };
}
