import { expect, test } from "vitest";
import { shardOf } from "./spread.ts";

/** Keys of mirrors as people name them: some namespaces, some apps each. */
const keys = Array.from({ length: 1_000 }, (_, i) => `team-${i % 40}/app-${Math.floor(i / 40)}-peers`);

/** How many of the keys each shard has, the fullest first. */
function sizes(count: number): number[] {
  const shards = Map.groupBy(keys, (key) => shardOf(key, count));
  const counts = Array.from({ length: count }, (_, shard) => shards.get(shard)?.length ?? 0);
  return counts.toSorted((a, b) => b - a);
}

test("a mirror's shard is the same in each release", () => {
  expect(["shop/web-peers", "shop-eu/web-peers", "a/b"].map((key) => shardOf(key, 12))).toEqual([6, 7, 6]);
  expect(shardOf("shop/web-peers", 1)).toBe(0);
});

test("of 12 shards any four hold a third of 1,000 mirrors, within 20 %: so do three replicas that hold four each", () => {
  const all = sizes(12);
  const fullest = all.slice(0, 4).reduce((sum, size) => sum + size, 0);
  const emptiest = all.slice(-4).reduce((sum, size) => sum + size, 0);
  expect(fullest).toBeLessThan((1_000 / 3) * 1.2);
  expect(emptiest).toBeGreaterThan((1_000 / 3) * 0.8);
});
