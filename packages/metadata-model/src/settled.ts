import type { Whereabouts } from "./hand-over.ts";
import { canHold, type ShardLimits } from "./loads.ts";
import type { RenderedPeer } from "./render/peer.ts";
import { sparse } from "./shrink.ts";

/** Peers on their shards, with nothing on the move: each is where it belongs, on that shard alone. */
export interface Settled extends Placed {
  /** What tells where they are: the very same function while they are there. */
  readonly find: () => Whereabouts;
}

interface Placed {
  /** All peers in their order. */
  readonly peers: readonly RenderedPeer[];
  /** By index. */
  readonly shards: readonly (readonly RenderedPeer[])[];
}

/** Whether nothing is on the move: each of `peers` is on the one shard that `shards` has it on, and all of them have room there. */
export function isSettled(
  { whereabouts: { held, others }, peers, shards }: Placed & { readonly whereabouts: Whereabouts },
  limits: ShardLimits,
): boolean {
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
  find: Settled["find"],
  limits: ShardLimits,
): Settled | undefined {
  if (find === before.find && peers === before.peers) return before;
  if (find !== before.find || peers.length !== before.peers.length) return undefined;
  const others: number[] = [];
  for (let at = 0; at < peers.length; at++) if (peers[at] !== before.peers[at]) others.push(at);
  const homeOf = homesIn(before.shards, others.length);
  const changed = new Map<number, RenderedPeer[]>();
  const resized = new Set<number>();
  for (const at of others) {
    const [old, peer] = [before.peers[at], peers[at]];
    const home = old && homeOf(old);
    if (old === undefined || peer === undefined || old.id !== peer.id || home === undefined) return undefined;
    const members = changed.get(home) ?? [...(before.shards[home] ?? [])];
    members[members.indexOf(old)] = peer;
    changed.set(home, members);
    if (old.size !== peer.size) resized.add(home);
  }
  const shards = before.shards.map((members, index) => changed.get(index) ?? members);
  if (resized.size > 0 && !isStable(shards, resized, limits)) return undefined;
  return { find, peers, shards };
}

/** The most peers that are looked for shard by shard: a table of all is made for more. */
const fewPeers = 16;

/** Tells on which shard a peer is, so many times. */
function homesIn(shards: Settled["shards"], times: number): (peer: RenderedPeer) => number | undefined {
  if (times <= fewPeers) {
    return (peer) => {
      const index = shards.findIndex((members) => members.includes(peer));
      return index < 0 ? undefined : index;
    };
  }
  const homes = new Map(shards.flatMap((members, index) => members.map((peer) => [peer, index] as const)));
  return (peer) => homes.get(peer);
}

/** Whether all peers stay where they are: those that were `resized` fit, and no shard can be given up, whatever its peers weigh. */
function isStable(shards: Settled["shards"], resized: ReadonlySet<number>, limits: ShardLimits): boolean {
  return shards.every((members, index) => {
    if (index > 0 && members.length > 0 && members.length <= limits.peersPerShard * sparse) return false;
    return !resized.has(index) || canHold(index, members, limits);
  });
}
