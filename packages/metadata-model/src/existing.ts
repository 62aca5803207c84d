import type { ConfigMapState } from "./config-map.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import { occupation } from "./ownership.ts";
import { shardIndex } from "./shard.ts";

/** The ConfigMaps that stand where shards of `mirror` belong, by index, in its order. */
export function existingShards(
  mirror: ReadableMirror,
  configMaps: Iterable<ConfigMapState>,
): Map<number, ConfigMapState> {
  const shards: [number, ConfigMapState][] = [];
  for (const configMap of configMaps) {
    const index = configMap.namespace === mirror.namespace ? shardIndex(mirror, configMap.name) : undefined;
    if (index !== undefined) shards.push([index, configMap]);
  }
  return new Map(shards.toSorted(([a], [b]) => a - b));
}

/**
 * Peer id → index of the shard that holds it: the last one, where a plan that was carried out by half left it in two. What ConfigMaps of
 * others say of placement doesn't count.
 */
export function placementOf(
  mirror: ReadableMirror,
  existing: ReadonlyMap<number, ConfigMapState>,
): Map<string, number> {
  const placement = new Map<string, number>();
  for (const [index, configMap] of existing) {
    if (occupation(configMap, mirror) !== undefined) continue;
    for (const id of configMap.placement.split(" ")) placement.set(id, index);
  }
  return placement;
}
