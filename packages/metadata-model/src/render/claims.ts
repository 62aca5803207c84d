import { utf8Length } from "../utf8.ts";
import type { Aggregate, NameRule } from "./aggregate.ts";
import type { RenderedPeer } from "./peer.ts";
import { sameObjects } from "./same-objects.ts";

type Settle = (peers: readonly RenderedPeer[]) => readonly RenderedPeer[];

/**
 * A function that sees to it that no two peers have one name in a document whose names must be unique: the first in the order of the
 * peers keeps it, and the others come back without it, and with a problem that says so. It looks at all peers of the mirror rather than
 * at those of a shard, so that a name doesn't depend on where a peer is placed. Peers that lose nothing come back as they are, and
 * those that lose the same as before as the same objects.
 */
export function claimSettler(aggregates: readonly Aggregate[]): Settle {
  const settlers = aggregates.flatMap(({ names }, position) => (names === undefined ? [] : [settler(names, position)]));
  return (peers) => settlers.reduce((settled, settle) => settle(settled), peers);
}

function settler(names: NameRule, position: number): Settle {
  const made = new WeakMap<RenderedPeer, { readonly lost: string; readonly peer: RenderedPeer }>();
  let last: { readonly peers: readonly RenderedPeer[]; readonly settled: readonly RenderedPeer[] } | undefined;
  return (peers) => {
    if (last !== undefined && sameObjects(last.peers, peers)) return last.settled;
    const taken = new Set<string>();
    const settled = peers.map((peer) => {
      const claimed = names.of(peer.named[position] ?? "");
      const lost = claimed.filter((name) => taken.has(name));
      for (const name of claimed) taken.add(name);
      if (lost.length === 0) return peer;
      const known = made.get(peer);
      if (known?.lost === lost.join()) return known.peer;
      const less = without(lost, peer, names, position);
      made.set(peer, { lost: lost.join(), peer: less });
      return less;
    });
    last = { peers, settled };
    return settled;
  };
}

function without(lost: readonly string[], peer: RenderedPeer, names: NameRule, position: number): RenderedPeer {
  const fragment = peer.named[position] ?? "";
  const text = names.without(fragment, new Set(lost));
  return {
    ...peer,
    named: peer.named.with(position, text),
    size: peer.size - utf8Length(fragment) + utf8Length(text),
    problems: [...peer.problems, ...lost.map((name) => names.problem(name))],
  };
}
