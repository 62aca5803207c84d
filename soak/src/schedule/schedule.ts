import { createRandom, type Random } from "../random.ts";
import { after, emptyWorld, type World } from "../world/world.ts";
import type { Change } from "../world/change.ts";
import type { Disturbance } from "./disturbance.ts";
import { drawChange } from "./draw-change.ts";
import { drawDisturbance } from "./draw-disturbance.ts";
import type { Stage } from "./stage.ts";

/**
 * What happens next. Steps are counted from 1, rounds too; a quiet point ends a round. A look is a short one: the ConfigMaps alone, and often, since
 * what one change has left wrong the next may set right by chance.
 */
export type Entry =
  | { readonly type: "change"; readonly step: number; readonly change: Change }
  | { readonly type: "disturbance"; readonly step: number; readonly disturbance: Disturbance }
  | { readonly type: "look" }
  | { readonly type: "quiet"; readonly round: number };

/** Whether anything goes wrong in a round, other than what people do: in every second one, so that what must hold without faults is seen too. */
export function isCalm(round: number): boolean {
  return round % 2 === 1;
}

/** How many steps a round has. */
const calmSteps = 150;
const stepsToLook = 10;
const disturbedSteps = 250;

/** In so many of 100 steps of a round that isn't calm something goes wrong. */
const disturbedPercent = 6;

export interface ScheduleOptions {
  readonly seed: number;
  readonly stage: Stage;
  readonly replicas: number;
  /** Whether there are faults too that take minutes to notice. */
  readonly slow: boolean;
}

/**
 * All that happens, without end: it follows from the options alone, whatever becomes of it. Each change is one that is possible in the world that
 * the changes before it have made.
 */
export function* schedule({ seed, stage, replicas, slow }: ScheduleOptions): Generator<Entry, never> {
  const random = createRandom(seed);
  let world = emptyWorld(stage.nodes);
  let step = 0;
  for (let round = 1; ; round++) {
    const steps = isCalm(round) ? calmSteps : disturbedSteps;
    for (let left = steps; left > 0; left--) {
      step += 1;
      if (!isCalm(round) && random.percent(disturbedPercent)) {
        yield { type: "disturbance", step, disturbance: drawDisturbance(random, replicas, slow) };
        continue;
      }
      const change = drawPossible(random, world, stage);
      world = after(world, change);
      yield { type: "change", step, change };
      if (isCalm(round) && step % stepsToLook === 0) yield { type: "look" };
    }
    yield { type: "quiet", round };
  }
}

function drawPossible(random: Random, world: World, stage: Stage): Change {
  for (;;) {
    const change = drawChange(random, world, stage, openingKind(world, stage));
    if (change !== undefined) return change;
  }
}

/** While there is hardly anything, things come into being. */
function openingKind({ pods, mirrors, grants }: World, stage: Stage) {
  const { namespaces, podsPerNamespace, mirrorsPerNamespace, grantsPerNamespace } = stage;
  const few = (size: number, perNamespace: number) => size < (namespaces.length * perNamespace) / 3;
  if (few(mirrors.size, mirrorsPerNamespace)) return "create mirror";
  if (few(grants.size, grantsPerNamespace)) return "create grant";
  return few(pods.size, podsPerNamespace) ? "create pod" : undefined;
}
