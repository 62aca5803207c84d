import type { ConfigMapState } from "./config-map.ts";
import type { Whereabouts } from "./hand-over.ts";
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
 * A function that finds out where the peers of `mirror` are, by what the shards say, and answers the very same function while they say the
 * same. What that tells is made when it's asked for, and not kept: where nothing moves nobody asks. What ConfigMaps of others say of
 * placement doesn't count.
 */
export function whereaboutsReader(
  mirror: ReadableMirror,
): (existing: ReadonlyMap<number, ConfigMapState>) => () => Whereabouts {
  let read: { readonly placements: ReadonlyMap<number, string>; readonly whereabouts: () => Whereabouts } | undefined;
  return (existing) => {
    const placements = new Map<number, string>();
    for (const [index, configMap] of existing) {
      if (configMap.placement !== "" && occupation(configMap, mirror) === undefined) {
        placements.set(index, configMap.placement);
      }
    }
    if (read === undefined || !sameEntries(read.placements, placements)) {
      read = { placements, whereabouts: () => whereaboutsOf(placements) };
    }
    return read.whereabouts;
  };
}

function sameEntries(some: ReadonlyMap<number, string>, others: ReadonlyMap<number, string>): boolean {
  return some.size === others.size && [...some].every(([index, placement]) => others.get(index) === placement);
}

function whereaboutsOf(placements: ReadonlyMap<number, string>): Whereabouts {
  const held = new Map<string, number>();
  const others = new Map<string, readonly number[]>();
  for (const [index, placement] of placements) {
    for (const id of placement.split(" ")) {
      const before = held.get(id);
      if (before !== undefined) others.set(id, [...(others.get(id) ?? []), before]);
      held.set(id, index);
    }
  }
  return { held, others };
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
