import type { Whereabouts } from "./hand-over.ts";
import { canHold, type ShardLimits } from "./loads.ts";
import type { RenderedPeer } from "./render/peer.ts";
import { sparse } from "./shrink.ts";

/** Peers on their shards, with nothing on the move: each is where it belongs, on that shard alone. */
export interface Settled {
  readonly whereabouts: Whereabouts;
  /** All peers in their order. */
  readonly peers: readonly RenderedPeer[];
  /** By index. */
  readonly shards: readonly (readonly RenderedPeer[])[];
}

/** Whether nothing is on the move: each of `peers` is on the one shard that `shards` has it on, and all of them have room there. */
export function isSettled({ whereabouts: { held, others }, peers, shards }: Settled, limits: ShardLimits): boolean {
  if (others.size > 0) return false;
  let placed = 0;
  for (const [index, members] of shards.entries()) {
    placed += members.length;
    // peers that find no other room stay on a shard that is too full
    if (!canHold(index, members, limits)) return false;
    for (const { id } of members) if (held.get(id) !== index) return false;
  }
  return placed === peers.length;
}

/**
 * `peers` in the places that `before` has them in, or undefined where that doesn't follow: where peers came or went, others are elsewhere, or
 * sizes have changed so that `place` may have something to do. So a pass costs a look at each peer, and one more at those that changed.
 */
export function resettled(
  before: Settled,
  peers: readonly RenderedPeer[],
  whereabouts: Whereabouts,
  limits: ShardLimits,
): Settled | undefined {
  if (whereabouts === before.whereabouts && peers === before.peers) return before;
  if (whereabouts !== before.whereabouts || peers.length !== before.peers.length) return undefined;
  const changed = new Map<number, RenderedPeer[]>();
  const resized = new Set<number>();
  for (let at = 0; at < peers.length; at++) {
    const old = before.peers[at];
    const peer = peers[at];
    if (old === peer || peer === undefined) continue;
    const home = whereabouts.held.get(peer.id);
    if (old === undefined || old.id !== peer.id || home === undefined) return undefined;
    const members = changed.get(home) ?? [...(before.shards[home] ?? [])];
    members[members.indexOf(old)] = peer;
    changed.set(home, members);
    if (old.size !== peer.size) resized.add(home);
  }
  const shards = before.shards.map((members, index) => changed.get(index) ?? members);
  if (resized.size > 0 && !isStable(shards, resized, limits)) return undefined;
  return { whereabouts, peers, shards };
}

/** Whether all peers stay where they are: those that were `resized` fit, and no shard can be given up, whatever its peers weigh. */
function isStable(shards: Settled["shards"], resized: ReadonlySet<number>, limits: ShardLimits): boolean {
  return shards.every((members, index) => {
    if (index > 0 && members.length > 0 && members.length <= limits.peersPerShard * sparse) return false;
    return !resized.has(index) || canHold(index, members, limits);
  });
}
