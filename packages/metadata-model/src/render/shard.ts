import type { Digest } from "../config-map.ts";
import { shardKey } from "../format.ts";
import { utf8Length } from "../utf8.ts";
import type { Aggregate } from "./aggregate.ts";
import type { PeerRenderer, RenderedPeer } from "./peer.ts";
import { sameObjects } from "./same-objects.ts";
import { madeAnew, type Value } from "./value.ts";
import type { WholeDocument } from "./whole-document.ts";

/** The whole data of one shard. */
export interface ShardData {
  readonly values: ReadonlyMap<string, Value>;
  /** Keys that stay as they are where they are there: of documents that could not be made. */
  readonly kept: ReadonlySet<string>;
  /** The keys of the documents that show peers of the mirror's own namespace only, with blanks between them. */
  readonly own: string;
  /** The ids of its peers, as the placement annotation holds them. */
  readonly placement: string;
  /** Values and twice the keys, in bytes. */
  readonly size: number;
}

/** What a shard is made of. */
export interface ShardContent {
  readonly peers: readonly RenderedPeer[];
  /** Documents of all peers of the mirror. */
  readonly documents: readonly WholeDocument[];
}

/** How a mirror writes a shard. */
export interface ShardStyle {
  readonly aggregates: readonly Aggregate[];
  readonly fragmentsOf: PeerRenderer["fragmentsOf"];
  readonly digest: Digest;
  /** Whether all peers are of the mirror's own namespace, so that a document that could not be made may stay as it was. */
  readonly keeps: boolean;
  /** Whether peers are spread over shards; else nobody asks which of them a ConfigMap holds. */
  readonly isSharded: boolean;
}

function renderShard(index: number, { peers, documents }: ShardContent, style: ShardStyle): ShardData {
  const { aggregates, fragmentsOf, digest, keeps, isSharded } = style;
  const placed = isSharded ? peers : [];
  const values = new Map(peers.flatMap((peer) => [...peer.files]));
  aggregates.forEach((aggregate, position) => {
    const make = () => aggregate.document(peers.map((peer) => fragmentsOf(peer)[position] ?? ""));
    values.set(shardKey(aggregate.key, index), madeAnew(make, digest));
  });
  for (const { key, value } of documents) if (value !== undefined) values.set(key, value);
  const sizes = [emptyShardSize(aggregates), ...placed.map(({ size }) => size), ...documents.map(({ size }) => size)];
  return {
    values,
    kept: new Set(documents.flatMap(({ key, value }) => (keeps && value === undefined ? [key] : []))),
    own: keeps ? documents.map(({ key }) => key).join(" ") : "",
    placement: placed.map((peer) => peer.id).join(" "),
    size: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** The size of a shard without peers, in bytes. */
export function emptyShardSize(aggregates: readonly Aggregate[]): number {
  // the key of a further shard is up to 4 characters longer
  return aggregates.reduce((sum, { key, document }) => sum + 2 * (key.length + 4) + utf8Length(document([])), 0);
}

/** A function that renders shard `index`, and answers the very same object while what it's made of are the same objects. */
export function shardRenderer(style: ShardStyle): (index: number, content: ShardContent) => ShardData {
  const made = new Map<number, { content: ShardContent; data: ShardData }>();
  return (index, content) => {
    const known = made.get(index);
    const isSame =
      known !== undefined &&
      sameObjects(known.content.peers, content.peers) &&
      sameObjects(known.content.documents, content.documents);
    if (isSame) return known.data;
    const data = renderShard(index, content, style);
    made.set(index, { content, data });
    return data;
  };
}
