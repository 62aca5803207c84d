import type { Contestant } from "../contestants/contestant.ts";
import { latencyFigures } from "../measure/latency.ts";
import { startSession } from "../measure/session.ts";
import { pause, untilInSync, untilVisible } from "../measure/wait.ts";
import { openWindow } from "../measure/window.ts";
import type { Case, Run } from "../result.ts";
import { type Entrant, takeTurns } from "../rounds.ts";
import { change, shuffled } from "../world/changes.ts";
import { verify } from "../world/verify.ts";
import { createWorld, oneMirror, reset, type World } from "../world/world.ts";
import type { BenchOptions } from "./workload.ts";

/** Single changes of pods that are in sync. */
export interface ChangeSpec {
  readonly pods: number;
  readonly changes: number;
  readonly everyMs: number;
  /** How long the last of them may take to be visible. */
  readonly deadlineMs: number;
  /** Who takes one turn only. */
  readonly once?: ReadonlySet<string>;
}

/** How long a contestant may take to have everything in sync at first. */
const syncMs = 240_000;
const loadAlone: Entrant = { id: "load", name: "the load alone" };

/** Measures them, of each contestant, and what the servers take for the changes alone. */
export async function measureChanges(
  spec: ChangeSpec,
  { host, clock, contestants, rounds }: BenchOptions,
): Promise<Case> {
  await using world = await createWorld(oneMirror(spec.pods), host, clock);
  let seed = 0;
  const results = await takeTurns(
    [...contestants, loadAlone],
    { ...host, rounds, ...(spec.once && { once: spec.once }) },
    ({ id }) => {
      seed += 1;
      return turn(
        world,
        spec,
        seed,
        contestants.find((contestant) => contestant.id === id),
      );
    },
  );
  return { id: `${spec.pods}`, title: `${spec.pods.toLocaleString("en")} pods`, contestants: results };
}

async function turn(world: World, spec: ChangeSpec, seed: number, contestant: Contestant | undefined): Promise<Run> {
  await reset(world);
  await using session = await startSession(world, contestant);
  if (contestant) await untilInSync(world, session, syncMs);
  const close = await openWindow(world, session);
  const first = await session.guard(change(world, shuffled(spec.pods, spec.changes, seed), spec.everyMs));
  if (!contestant) {
    await pause(world, session, 200);
    return await close(spec.changes);
  }
  await untilVisible(world, session, spec.deadlineMs);
  const { figures, requests } = await close(spec.changes);
  const latencies = latencyFigures(world.ledger.latencies(first), spec.deadlineMs);
  if (latencies.note === undefined) await verify(world);
  return { ...latencies, figures: { ...latencies.figures, ...figures }, requests };
}
