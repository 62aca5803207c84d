import type { RenderedPeer } from "./render/peer.ts";
import { canHold, type ShardLimits } from "./loads.ts";

/** Where peers are, by their ids. */
export interface Whereabouts {
  /** The shard where the peer is: the last one, where it is in several since it moves, or since a plan was carried out by half. */
  readonly held: ReadonlyMap<string, number>;
  /** The other ones of a peer that is in several. */
  readonly others: ReadonlyMap<string, readonly number[]>;
}

/** What the shards are to hold on the way to where the peers belong. */
export interface HandOver {
  /** By index: the peers that belong there, and those that are still there for those who read one shard after the other. */
  readonly contents: readonly (readonly RenderedPeer[])[];
  /** The shards whose leaving peers are all where they belong too, and wait for `mayLetGo` only. */
  readonly waiting: readonly number[];
}

/** The layout that is to be reached, and what is there. */
export interface Moves {
  /** All peers in their order. */
  readonly peers: readonly RenderedPeer[];
  /** Where they belong. */
  readonly shards: readonly (readonly RenderedPeer[])[];
  readonly whereabouts: Whereabouts;
  readonly limits: ShardLimits;
  /** Whether a shard may let go of peers now that are elsewhere too. */
  readonly mayLetGo: (index: number) => boolean;
}

/**
 * Has peers that move stay where they were until they have been where they belong for a while. Writing the one before the other isn't
 * enough: the kubelet watches each ConfigMap by itself, so it may read the one as it was before and the other as it is after, and would show
 * the peer in neither. Where both don't fit, the peer leaves as soon as the other shard is written.
 */
export function handOver({ peers, shards, whereabouts, limits, mayLetGo }: Moves): HandOver {
  const leaving = new Map<number, Set<RenderedPeer>>();
  const unfinished = new Set<number>();
  shards.forEach((members, index) => {
    for (const peer of members) {
      const last = whereabouts.held.get(peer.id) ?? index;
      const others = whereabouts.others.get(peer.id);
      if (last === index && others === undefined) continue;
      const found = [last, ...(others ?? [])];
      for (const from of found) {
        if (from === index) continue;
        leaving.set(from, (leaving.get(from) ?? new Set()).add(peer));
        if (!found.includes(index)) unfinished.add(from);
      }
    }
  });

  const contents = new Map(shards.entries());
  const waiting: number[] = [];
  for (const [index, some] of leaving) {
    const staying = new Set(shards[index]);
    const all = peers.filter((peer) => staying.has(peer) || some.has(peer));
    const isDone = !unfinished.has(index) && mayLetGo(index);
    if (isDone || !canHold(index, all, limits)) continue;
    contents.set(index, all);
    if (!unfinished.has(index)) waiting.push(index);
  }
  const length = Math.max(...contents.keys()) + 1;
  return { contents: Array.from({ length }, (_, index) => contents.get(index) ?? []), waiting };
}
