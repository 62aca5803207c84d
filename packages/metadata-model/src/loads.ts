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
  /** What shard `index` weighs without peers, in bytes. */
  readonly emptySize: (index: number) => number;
}

interface Load {
  readonly count: number;
  readonly size: number;
}

/** What shards hold while peers are being placed. */
export interface Loads<T> {
  /** How many shards there are, the empty ones too. */
  readonly length: number;
  readonly count: (index: number) => number;
  /** Bytes. */
  readonly size: (index: number) => number;
  /** Whether `peer` fits in beside the others, with the shard filled up to `part` of what it may hold. */
  readonly fits: (index: number, peer: T, part?: number) => boolean;
  /** Whether the shard is filled up to `part` of what it may hold at the most, by number and by size. */
  readonly isWithin: (index: number, part: number) => boolean;
  /** Puts `peer` there, away from where it was. */
  readonly put: (index: number, peer: T) => void;
  readonly shardOf: (peer: T) => number | undefined;
  /** The fullest shard, the lowest of equals, among those that are there and one more, for which `isOpen` holds. */
  readonly fullest: (isOpen: (index: number) => boolean) => number | undefined;
}

/** No peers yet, on `known` shards. */
export function createLoads<T extends Placeable>(limits: ShardLimits, known: number): Loads<T> {
  const loads: Load[] = [];
  const shards = new Map<T, number>();
  const length = () => Math.max(loads.length, known);
  const load = (index: number): Load => loads[index] ?? { count: 0, size: limits.emptySize(index) };
  const room = (index: number, part: number) =>
    limits.emptySize(index) + (limits.maxShardSize - limits.emptySize(index)) * part;

  return {
    get length() {
      return length();
    },
    count: (index) => load(index).count,
    size: (index) => load(index).size,
    fits: (index, peer, part = 1) =>
      load(index).count + 1 <= limits.peersPerShard * part && load(index).size + peer.size <= room(index, part),
    isWithin: (index, part) =>
      load(index).count <= limits.peersPerShard * part && load(index).size <= room(index, part),
    put(index, peer) {
      const from = shards.get(peer);
      if (from !== undefined) loads[from] = { count: load(from).count - 1, size: load(from).size - peer.size };
      loads[index] = { count: load(index).count + 1, size: load(index).size + peer.size };
      shards.set(peer, index);
    },
    shardOf: (peer) => shards.get(peer),
    fullest(isOpen) {
      let found: number | undefined;
      for (let index = 0; index < Math.min(length() + 1, limits.maxShards); index++) {
        if ((found === undefined || load(index).count > load(found).count) && isOpen(index)) found = index;
      }
      return found;
    },
  };
}
