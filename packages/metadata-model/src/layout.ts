import type { ConfigMapState, Digest } from "./config-map.ts";
import { keptKeys } from "./diff.ts";
import { type Move, movesOf } from "./existing.ts";
import { type HandOver, handOver, type Whereabouts } from "./hand-over.ts";
import type { MetadataMirrorSpec } from "./metadata-mirror.ts";
import { isPlaceable, place } from "./place.ts";
import type { RenderedPeer } from "./render/peer.ts";
import { stepsFor, type Template } from "./render/template.ts";
import { type WholeDocument, wholeDocumentRenderer } from "./render/whole-document.ts";
import { isSettled, resettled, type Settled } from "./settled.ts";
import { shardLimits } from "./shard.ts";

/** What a mirror's ConfigMaps are to hold. */
export interface Layout extends HandOver {
  /** By index: the peers that belong on each shard. */
  readonly shards: readonly (readonly RenderedPeer[])[];
  /** What shards have to do with peers that move, by index; those that aren't there have nothing to do with any. */
  readonly moves: ReadonlyMap<number, Move>;
  /** The documents of all of them, which the first shard holds. */
  readonly documents: readonly WholeDocument[];
  /** Peers that are larger than a shard. */
  readonly tooLarge: readonly RenderedPeer[];
  /** Peers for which `maxShards` is too few. */
  readonly noRoom: readonly RenderedPeer[];
}

/** How a mirror lays its peers out. */
export interface LayoutStyle {
  readonly output: MetadataMirrorSpec["output"];
  readonly templates: readonly Template[];
  readonly digest: Digest;
  /** What a shard weighs without peers and documents, in bytes. */
  readonly emptySize: number;
  /** Whether a document that could not be made stays as it was, rather than go. */
  readonly keeps: boolean;
  /** Whether peers are spread over shards: with nothing but documents there is nothing to spread. */
  readonly isSharded: boolean;
}

/** What is there already. */
export interface Present {
  /** The very same function while peers are where they were. */
  readonly whereabouts: () => Whereabouts;
  /** What stands in the place of the first shard. */
  readonly first: ConfigMapState | undefined;
  /** Whether nothing can be written to a shard now. */
  readonly isBlocked: (index: number) => boolean;
  /** Whether a shard may let go of peers now that are elsewhere too. */
  readonly mayLetGo: (index: number) => boolean;
}

/**
 * A function that lays peers out on shards. The documents come first, for they must fit in the first shard, and the peers have the room
 * that is left there. They show all peers, those too for which no shard has room.
 */
export function layouter(style: LayoutStyle): (peers: readonly RenderedPeer[], present: Present) => Layout {
  const { output, templates, digest, emptySize, keeps, isSharded } = style;
  const documentsOf = wholeDocumentRenderer(templates, digest);
  const undocumented = shardLimits(output, () => emptySize);
  let settled: Settled | undefined;

  return (peers, { whereabouts: find, first, isBlocked, mayLetGo }) => {
    settled &&= resettled(settled, peers, find, undocumented);
    if (settled !== undefined) return layoutAtRest(settled.shards);
    const steps = stepsFor(peers.length);
    const documents = documentsOf(peers, { bytes: undocumented.maxShardSize - emptySize, steps });
    if (!isSharded) return { ...layoutAtRest([peers]), documents };
    const failed = documents.filter(({ value }) => value === undefined).map(({ key }) => key);
    const kept = keptKeys(first, new Set(keeps ? failed : []));
    const sizes = [...documents.map(({ size }) => size), ...[...kept].map((key) => first?.sizes.get(key) ?? 0)];
    const taken = sizes.reduce((sum, size) => sum + size, 0);
    const limits = shardLimits(output, (index) => (index === 0 ? emptySize + taken : emptySize));
    const whereabouts = find();
    const { shards, left } = place(peers, whereabouts.held, limits, isBlocked);
    // documents take room, and what is blocked turns peers away
    const isPlain = documents.length === 0 && !shards.some((_, index) => isBlocked(index));
    if (isPlain && isSettled({ whereabouts, peers, shards }, limits)) {
      settled = { find, peers, shards };
      return layoutAtRest(shards);
    }
    const isLeft = new Set(left);
    const placed = left.length === 0 ? peers : peers.filter((peer) => !isLeft.has(peer));
    return {
      shards,
      moves: movesOf(shards, whereabouts.held),
      ...handOver({ peers: placed, shards, whereabouts, limits, mayLetGo }),
      documents,
      tooLarge: left.filter((peer) => !isPlaceable(peer, limits)),
      noRoom: left.filter((peer) => isPlaceable(peer, limits)),
    };
  };
}

/** The layout of which nothing moves and nothing is left out. */
function layoutAtRest(shards: Layout["shards"]): Layout {
  return { shards, contents: shards, moves: new Map(), waiting: [], documents: [], tooLarge: [], noRoom: [] };
}
