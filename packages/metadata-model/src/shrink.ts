import type { Loads, Placeable } from "./loads.ts";

/** A shard that is filled up to this part is sparse, by number and by size. */
export const sparse = 1 / 4;

/** Shards that take the peers of sparse ones are filled up to this part only: the next new peers don't open a shard anew. */
const comfortable = 3 / 4;

/**
 * Moves the peers of sparse shards to others, the last shard first, and answers the shards that have none left. Nothing flaps: a shard goes when
 * it's down to a quarter and the others have room to spare, and one comes only when the others are full.
 *
 * The first shard stays, and so does one that `isBlocked`, since nothing can be written there. No peer goes to a shard that isn't willing.
 */
export function shrink<T extends Placeable>(
  peers: readonly T[],
  loads: Loads<T>,
  isBlocked: (index: number) => boolean,
  isWilling: (index: number) => boolean,
): ReadonlySet<number> {
  const given = new Set<number>();
  for (let index = loads.length - 1; index > 0; index--) {
    if (loads.count(index) === 0 || !loads.isWithin(index, sparse) || isBlocked(index)) continue;
    const isOpen = (room: number) => room !== index && loads.count(room) > 0 && !isBlocked(room) && isWilling(room);
    const leaving = peers.filter((peer) => loads.shardOf(peer) === index);
    const isHoused = leaving.every((peer) => {
      const room = loads.fullest((other) => isOpen(other) && loads.fits(other, peer, comfortable));
      if (room !== undefined) loads.put(room, peer);
      return room !== undefined;
    });
    if (isHoused) given.add(index);
    else for (const peer of leaving) loads.put(index, peer);
  }
  return given;
}
