import type { ItemName } from "../world/item.ts";
import type { Mirror } from "../world/mirror.ts";
import type { Pod } from "../world/pod.ts";
import { matches } from "../world/selector.ts";
import type { World } from "../world/world.ts";
import { permitted } from "./permit.ts";

/** A pod that a mirror shows, and the items that it may show of it. */
export interface Peer {
  readonly pod: Pod;
  readonly items: readonly ItemName[];
}

function isIncluded({ phase, ready, terminating }: Pod, include: Mirror["include"]): boolean {
  if (phase === "Succeeded" || phase === "Failed") return false;
  return include === "All" || (!terminating && (include === "Ready" ? ready : phase === "Running"));
}

/** The peers of a mirror, in the order of their namespaces and names. */
export function peersOf(mirror: Mirror, world: World): readonly Peer[] {
  const namespaces = mirror.namespaces ?? [mirror.namespace];
  const order = ({ namespace, name }: Pod) => `${namespace} ${name}`;
  return [...world.pods.values()]
    .filter((pod) => namespaces.includes(pod.namespace))
    .filter((pod) => matches(mirror.selector, pod.labels) && isIncluded(pod, mirror.include))
    .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
    .flatMap((pod) => {
      const items = permitted(mirror, pod, world);
      return items === undefined ? [] : [{ pod, items }];
    });
}
