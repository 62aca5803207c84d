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

/** Whether shard `index` can hold all of `peers` together, and nothing else. */
export function canHold(index: number, peers: readonly Placeable[], limits: ShardLimits): boolean {
  const { peersPerShard, maxShardSize, emptySize } = limits;
  return peers.length <= peersPerShard && peers.reduce((sum, { size }) => sum + size, emptySize(index)) <= maxShardSize;
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
  /** The fullest shard with room for one more, the lowest of equals, among those that are there and one more, for which `isOpen` holds. */
  readonly fullest: (isOpen: (index: number) => boolean) => number | undefined;
}

/** No peers yet, on `known` shards. */
export function createLoads<T extends Placeable>(limits: ShardLimits, known: number): Loads<T> {
  const counts: number[] = [];
  /** Without what the shards weigh when they are empty. */
  const added: number[] = [];
  const shards = new Map<T, number>();
  const length = () => Math.max(counts.length, known);
  const count = (index: number) => counts[index] ?? 0;
  const size = (index: number) => limits.emptySize(index) + (added[index] ?? 0);
  const room = (index: number, part: number) =>
    limits.emptySize(index) + (limits.maxShardSize - limits.emptySize(index)) * part;

  function change(index: number, peers: number, bytes: number): void {
    counts[index] = count(index) + peers;
    added[index] = (added[index] ?? 0) + bytes;
  }

  return {
    get length() {
      return length();
    },
    count,
    size,
    fits: (index, peer, part = 1) =>
      count(index) + 1 <= limits.peersPerShard * part && size(index) + peer.size <= room(index, part),
    isWithin: (index, part) => count(index) <= limits.peersPerShard * part && size(index) <= room(index, part),
    put(index, peer) {
      const from = shards.get(peer);
      if (from !== undefined) change(from, -1, -peer.size);
      change(index, 1, peer.size);
      shards.set(peer, index);
    },
    shardOf: (peer) => shards.get(peer),
    fullest(isOpen) {
      let found: number | undefined;
      const end = Math.min(length() + 1, limits.maxShards);
      for (let index = 0; index < end; index++) {
        const peers = count(index);
        // of a large mirror nearly all are full, and each new peer comes by all of them
        if (peers >= limits.peersPerShard || (found !== undefined && peers <= count(found))) continue;
        if (isOpen(index)) found = index;
      }
      return found;
    },
  };
}
