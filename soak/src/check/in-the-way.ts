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
