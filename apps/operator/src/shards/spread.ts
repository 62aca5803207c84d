import { nameHash } from "../runtime/name-hash.ts";

/**
 * The shard of `count` that a mirror belongs to, by the hash of its key, `<namespace>/<name>`.
 *
 * This never changes: two releases that spread mirrors differently would both write some of them, and none others, while one is rolled
 * out after the other.
 */
export function shardOf(key: string, count: number): number {
  return nameHash(key) % count;
}
