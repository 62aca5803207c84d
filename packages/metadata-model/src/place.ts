/** Something to be placed: its id, and what it adds to the size of a shard, in bytes. */
export interface Placeable {
  readonly id: string;
  readonly size: number;
}

/** What a shard and a mirror may hold at the most. */
export interface ShardLimits {
  readonly peersPerShard: number;
  /** Bytes. */
  readonly maxShardSize: number;
  readonly maxShards: number;
  /** What a shard weighs without peers, in bytes. */
  readonly emptySize: number;
}

/** Where each peer is: the shards by index, and the peers for which there is no room. */
export interface Placement<T> {
  readonly shards: readonly (readonly T[])[];
  readonly left: readonly T[];
}

/** The most bytes that a ConfigMap can hold (`pkg/apis/core.MaxSecretSize`). */
const largestConfigMap = 1024 * 1024;

interface Load {
  readonly count: number;
  readonly size: number;
}

/**
 * Places `peers`, which come in their final order, on shards: few moves before few shards, as the EndpointSlice controller does
 * (KEP-752). A peer stays in the shard where `current` has it as long as it fits there; a new one goes to the
 * fullest shard that has room, so that one write takes many; an empty shard is filled only where no other has room. There is at
 * least one shard, and within a shard the order of `peers` is kept.
 *
 * One that has to move goes before the new ones, and while there is room elsewhere not to a shard that gives peers up itself: so
 * takers can be written before givers, and the peer is never in neither. Where `maxShards` is too few, the peers that were
 * placed already are kept and the new ones are `left`. One that is larger than a shard is always `left`.
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
  const loads: Load[] = [];
  const shardOf = new Map<T, number>();
  const load = (index: number): Load => loads[index] ?? { count: 0, size: limits.emptySize };
  const fits = (index: number, peer: T) =>
    load(index).count < limits.peersPerShard && load(index).size + peer.size <= limits.maxShardSize;
  const put = (index: number, peer: T) => {
    const { count, size } = load(index);
    loads[index] = { count: count + 1, size: size + peer.size };
    shardOf.set(peer, index);
  };

  for (const peer of peers) {
    const index = current.get(peer.id);
    if (index !== undefined && index < limits.maxShards && fits(index, peer)) put(index, peer);
  }
  const fitsAlone = (peer: T) => limits.emptySize + peer.size <= limits.maxShardSize;
  const homeless = peers.filter((peer) => !shardOf.has(peer) && fitsAlone(peer));
  const moving = homeless.filter((peer) => current.has(peer.id));
  const givers = new Set(moving.map((peer) => current.get(peer.id)));
  const roomsFor = (peer: T) => fullestFirst(loads, limits).filter((index) => fits(index, peer));
  for (const peer of moving) {
    const rooms = roomsFor(peer);
    const open = rooms.filter((index) => !isBlocked(index));
    const home = current.get(peer.id) ?? 0;
    const canStay = rooms.length > 0 && load(home).size + peer.size <= largestConfigMap;
    const index = open.find((room) => !givers.has(room)) ?? open[0] ?? (canStay ? home : undefined);
    if (index !== undefined) put(index, peer);
  }
  for (const peer of homeless) {
    if (current.has(peer.id)) continue;
    const [index] = roomsFor(peer);
    if (index !== undefined) put(index, peer);
  }

  const shards: T[][] = Array.from({ length: Math.max(1, loads.length) }, () => []);
  const left: T[] = [];
  for (const peer of peers) {
    const index = shardOf.get(peer);
    (index === undefined ? left : shards[index])?.push(peer);
  }
  return { shards, left };
}

/** The shards with room in the order in which a peer tries them: the fullest first, then those without peers, then one more. */
function fullestFirst(loads: readonly Load[], { maxShards, peersPerShard }: ShardLimits): readonly number[] {
  const count = (index: number) => loads[index]?.count ?? 0;
  const indexes = Array.from({ length: Math.min(loads.length + 1, maxShards) }, (_, index) => index);
  return indexes.filter((index) => count(index) < peersPerShard).toSorted((a, b) => count(b) - count(a));
}
