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

/**
 * What a shard has to do with peers that move from one shard to another: those that take them come before those that give them away, or a
 * peer would be in neither for a moment. A shard that does both takes.
 */
export type Move = "takes" | "gives" | "none";

/** The part that each shard has in the moves from where peers are `held` to where `shards` has them, by its index. */
export function movesOf(
  shards: readonly (readonly { readonly id: string }[])[],
  held: ReadonlyMap<string, number>,
): ReadonlyMap<number, Move> {
  const moves = new Map<number, Move>();
  shards.forEach((peers, index) => {
    for (const { id } of peers) {
      const from = held.get(id) ?? index;
      if (from === index) continue;
      moves.set(index, "takes");
      if (!moves.has(from)) moves.set(from, "gives");
    }
  });
  return moves;
}
