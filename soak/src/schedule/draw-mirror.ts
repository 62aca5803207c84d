import type { Random } from "../random.ts";
import { formatNames } from "../world/format.ts";
import { itemNames } from "../world/item.ts";
import type { Mirror } from "../world/mirror.ts";
import { drawSelector } from "./draw-selector.ts";
import type { Place, Stage } from "./stage.ts";

/** A mirror that comes into being. */
export function drawMirror(random: Random, place: Place, stage: Stage): Mirror {
  return {
    ...place,
    configMap: random.percent(80) ? place.name : `${place.name}.out`,
    selector: drawSelector(random),
    include: random.weighted({ Ready: 25, Running: 50, All: 25 }),
    namespaces: drawNamespaces(random, stage),
    items: random.some(itemNames),
    formats: random.percent(50) ? ["Files"] : random.some(formatNames),
    peersPerShard: drawPeersPerShard(random),
  };
}

/** The mirror with something else in its spec. */
export function redrawMirror(random: Random, mirror: Mirror, stage: Stage): Mirror {
  const fresh = drawMirror(random, mirror, stage);
  const what = random.weighted({ selector: 4, include: 2, namespaces: 3, items: 3, formats: 3, peersPerShard: 3 });
  return { ...mirror, [what]: fresh[what] };
}

/** Small ones, so that peers move between ConfigMaps all the time; 1 is the smallest that there is. */
function drawPeersPerShard(random: Random): number {
  return random.percent(10) ? 1 : random.int(2, 12);
}

/** Half of the mirrors look beyond their own namespace, for which they need grants. */
function drawNamespaces(random: Random, { namespaces }: Stage): readonly string[] | undefined {
  return random.percent(50) ? undefined : random.some(namespaces);
}
