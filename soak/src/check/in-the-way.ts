import type { Mirror } from "../world/mirror.ts";
import type { World } from "../world/world.ts";
import { indexOf } from "./shard.ts";

/** The ConfigMaps of somebody else where those of a mirror may have to be, by their index: 0 is always needed. */
export function inTheWay({ namespace, configMap }: Mirror, { strangers }: World): readonly number[] {
  return [...strangers.values()].flatMap((stranger) => {
    const index = stranger.namespace === namespace ? indexOf(stranger.name, configMap) : undefined;
    return index === undefined ? [] : [index];
  });
}

/** Whether a ConfigMap is, or would be, of a mirror that has one of somebody else in its way: what it is to hold can't be told for sure. */
export function isUncertain(configMap: { readonly namespace: string; readonly name: string }, world: World): boolean {
  return [...world.mirrors.values()].some(
    (mirror) =>
      mirror.namespace === configMap.namespace &&
      indexOf(configMap.name, mirror.configMap) !== undefined &&
      inTheWay(mirror, world).length > 0,
  );
}
