import type { Digest } from "../config-map.ts";
import { shardKey } from "../format.ts";
import { utf8Length } from "../utf8.ts";
import type { Aggregate } from "./aggregate.ts";
import type { RenderedPeer, Value } from "./peer.ts";

/** The whole data of one shard. */
export interface ShardData {
  readonly values: ReadonlyMap<string, Value>;
  /** The ids of its peers, as the placement annotation holds them. */
  readonly placement: string;
  /** Values and twice the keys, in bytes. */
  readonly size: number;
}

function renderShard(
  index: number,
  peers: readonly RenderedPeer[],
  aggregates: readonly Aggregate[],
  digest: Digest,
): ShardData {
  const values = new Map(peers.flatMap((peer) => [...peer.files]));
  let size = emptyShardSize(aggregates) + peers.reduce((sum, peer) => sum + peer.size, 0);
  aggregates.forEach((aggregate, position) => {
    const value = aggregate.document(peers.map((peer) => peer.fragments[position] ?? ""));
    values.set(shardKey(aggregate.key, index), { value, digest: digest(value) });
  });
  return { values, placement: peers.map((peer) => peer.id).join(" "), size };
}

/** The size of a shard without peers, in bytes. */
export function emptyShardSize(aggregates: readonly Aggregate[]): number {
  // the key of a further shard is up to 4 characters longer
  return aggregates.reduce((sum, { key, document }) => sum + 2 * (key.length + 4) + utf8Length(document([])), 0);
}

/** A function that renders shard `index` of `peers`, and answers the very same object while its peers are the same objects. */
export function shardRenderer(
  aggregates: readonly Aggregate[],
  digest: Digest,
): (index: number, peers: readonly RenderedPeer[]) => ShardData {
  const made = new Map<number, { peers: readonly RenderedPeer[]; data: ShardData }>();
  return (index, peers) => {
    const known = made.get(index);
    if (known?.peers.length === peers.length && known.peers.every((peer, at) => peer === peers[at])) return known.data;
    const data = renderShard(index, peers, aggregates, digest);
    made.set(index, { peers, data });
    return data;
  };
}
