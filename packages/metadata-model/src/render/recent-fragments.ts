/** The fragments of peers that were asked for last, of all mirrors that share them. */
export interface RecentFragments {
  /** Those of `peer`, which `make` makes where they are not remembered: the same for the same peer, each time. */
  readonly of: (peer: object, make: () => readonly string[]) => readonly string[];
  /** What a plan has asked for is written: no more is remembered than what a change of it may ask for. */
  readonly trim: () => void;
}

/**
 * Fragments are half a kilobyte a peer, most of what would be kept of it, and of no use once they are written until a peer of the same shard
 * changes. So many are remembered, and up to three times as many: those of a mirror of some thousand peers which change all the time.
 */
const remembered = 2_048;

/** Eight times as many from a plan until it's written, so that what a first one renders is not rendered again: some 10 MB. */
const timesInPlan = 8;

/** None yet. */
export function createRecentFragments(most = remembered): RecentFragments {
  let young = new Map<object, readonly string[]>();
  let old = young;

  function age(): void {
    old = young;
    young = new Map();
  }

  return {
    of(peer, make) {
      const known = young.get(peer);
      if (known !== undefined) return known;
      const fragments = old.get(peer) ?? make();
      if (2 * young.size >= timesInPlan * most) age();
      young.set(peer, fragments);
      return fragments;
    },
    trim() {
      if (young.size > most) age();
      if (old.size > 2 * most) old = new Map();
    },
  };
}
