/** The fragments of peers that were asked for last, of all mirrors that share them. */
export interface RecentFragments {
  /** Those of `peer`, which `make` makes where they are not remembered: the same for the same peer, each time. */
  readonly of: (peer: object, make: () => readonly string[]) => readonly string[];
}

/**
 * Fragments are half a kilobyte a peer, most of what would be kept of it, and of no use once they are written until a peer of the same shard
 * changes. So many are remembered, and up to twice as many: those of a mirror of some thousand peers which change all the time.
 */
const remembered = 2_048;

/** None yet. */
export function createRecentFragments(most = remembered): RecentFragments {
  let young = new Map<object, readonly string[]>();
  let old = young;
  return {
    of(peer, make) {
      const known = young.get(peer);
      if (known !== undefined) return known;
      const fragments = old.get(peer) ?? make();
      if (young.size >= most) {
        old = young;
        young = new Map();
      }
      young.set(peer, fragments);
      return fragments;
    },
  };
}
