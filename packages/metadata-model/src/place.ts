import { canHold, createLoads, type Placeable, type ShardLimits } from "./loads.ts";
import { shrink } from "./shrink.ts";

/** Where each peer is: the shards by index, and the peers for which there is no room. */
export interface Placement<T> {
  readonly shards: readonly (readonly T[])[];
  readonly left: readonly T[];
}

/** The most bytes that a ConfigMap can hold (`pkg/apis/core.MaxSecretSize`). */
const largestConfigMap = 1024 * 1024;

/**
 * Places `peers`, which come in their final order, on shards: few moves before few shards, as the EndpointSlice controller does
 * (KEP-752). A peer stays in the shard where `current` has it as long as it fits there; a new one goes to the
 * fullest shard that has room, so that one write takes many; an empty shard is filled only where no other has room; one that is nearly
 * empty is given up where the others have room to spare. There is at least one shard, and within a shard the order of `peers` is kept.
 *
 * One that has to move goes before the new ones, and while there is room elsewhere not to a shard that gives peers up itself: so
 * takers can be written before givers, and the peer is never in neither. Where `maxShards` is too few, the peers that were
 * placed already are kept and the new ones are `left`. One that is larger than every shard is always `left`.
 *
 * A shard that `isBlocked`, since its ConfigMap can't be written now, takes no peer from another shard: one that finds no other room stays
 * where it is, as far as a ConfigMap can hold it. New peers may be placed there, since that loses nothing and the trouble is told.
 */
export function place<T extends Placeable>(
  peers: readonly T[],
  current: ReadonlyMap<string, number>,
  limits: ShardLimits,
  isBlocked: (index: number) => boolean = () => false,
): Placement<T> {
  const known = Math.max(0, ...new Set(current.values())) + 1;
  const loads = createLoads<T>(limits, Math.min(known, limits.maxShards));
  for (const peer of peers) {
    const index = current.get(peer.id);
    if (index !== undefined && index < limits.maxShards && loads.fits(index, peer)) loads.put(index, peer);
  }
  const homeless = peers.filter((peer) => loads.shardOf(peer) === undefined && isPlaceable(peer, limits));
  const moving = homeless.filter((peer) => current.has(peer.id));
  const givers = new Set(moving.map((peer) => current.get(peer.id)));
  const givenUp = shrink(peers, loads, isBlocked, (index) => !givers.has(index));

  for (const peer of moving) {
    const room = (isOpen: (index: number) => boolean) =>
      loads.fullest((index) => isOpen(index) && loads.fits(index, peer));
    const isOpen = (index: number) => !isBlocked(index) && !givenUp.has(index);
    const home = current.get(peer.id) ?? 0;
    const canStay = room(() => true) !== undefined && loads.size(home) + peer.size <= largestConfigMap;
    const index =
      room((other) => isOpen(other) && !givers.has(other)) ??
      room(isOpen) ??
      room((other) => !isBlocked(other)) ??
      (canStay ? home : undefined);
    if (index !== undefined) loads.put(index, peer);
  }
  for (const peer of homeless) {
    if (current.has(peer.id)) continue;
    const fits = (index: number) => loads.fits(index, peer);
    const index = loads.fullest((other) => fits(other) && !givenUp.has(other)) ?? loads.fullest(fits);
    if (index !== undefined) loads.put(index, peer);
  }

  const shards: T[][] = Array.from({ length: Math.max(1, loads.length) }, () => []);
  const left: T[] = [];
  for (const peer of peers) {
    const index = loads.shardOf(peer);
    (index === undefined ? left : shards[index])?.push(peer);
  }
  return { shards: shards.slice(0, Math.max(1, shards.findLastIndex(({ length }) => length > 0) + 1)), left };
}

/** Whether there is a shard that `peer` fits in alone. The first one may weigh more than the others. */
export function isPlaceable(peer: Placeable, limits: ShardLimits): boolean {
  return [0, 1].some((index) => index < limits.maxShards && canHold(index, [peer], limits));
}
