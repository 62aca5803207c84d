import { expect, test } from "vitest";
import { renderedPeer } from "../test/rendered-peer.ts";
import { handOver, type Whereabouts } from "./hand-over.ts";
import type { ShardLimits } from "./loads.ts";

const all = new Map(["a", "b", "c", "d"].map((id) => [id, renderedPeer(id, { size: 10 })]));
const named = (ids: string) => ids.split(" ").flatMap((id) => all.get(id) ?? []);
const limits: ShardLimits = { peersPerShard: 3, maxShardSize: 100, maxShards: 9, emptySize: () => 0 };

/** Where the peers belong by shard, where they are by peer. */
function run(shards: string[], there: Record<string, number[]>, letGo = false, change: Partial<ShardLimits> = {}) {
  const whereabouts: Whereabouts = {
    held: new Map(Object.entries(there).map(([id, found]) => [id, found.at(-1) ?? 0])),
    others: new Map(
      Object.entries(there).flatMap(([id, found]) => (found.length > 1 ? [[id, found.slice(0, -1)]] : [])),
    ),
  };
  const { contents, waiting } = handOver({
    peers: [...all.values()],
    shards: shards.map(named),
    whereabouts,
    limits: { ...limits, ...change },
    mayLetGo: () => letGo,
  });
  return { contents: contents.map((some) => some.map(({ id }) => id).join(" ")), waiting };
}

test("peers that stay and new ones are where they belong", () => {
  expect(run(["a b", "c"], { a: [0], c: [1] })).toEqual({ contents: ["a b", "c"], waiting: [] });
});

test("a peer that moves is in both shards, in the order of the peers, until it is in the other one", () => {
  expect(run(["a b", "c"], { a: [1], b: [0], c: [1] }, true)).toEqual({ contents: ["a b", "a c"], waiting: [] });
});

test("then its old shard waits, and lets it go when it may", () => {
  const there = { a: [0, 1], b: [0], c: [1] };
  expect(run(["a b", "c"], there)).toEqual({ contents: ["a b", "a c"], waiting: [1] });
  expect(run(["a b", "c"], there, true)).toEqual({ contents: ["a b", "c"], waiting: [] });
});

test("a shard that is given up keeps its peers until all of them are elsewhere", () => {
  expect(run(["a b"], { a: [2], b: [0, 2] }, true)).toEqual({ contents: ["a b", "", "a b"], waiting: [] });
  expect(run(["a b"], { a: [0, 2], b: [0, 2] })).toEqual({ contents: ["a b", "", "a b"], waiting: [2] });
  expect(run(["a b"], { a: [0, 2], b: [0, 2] }, true)).toEqual({ contents: ["a b"], waiting: [] });
});

test("a peer leaves at once where the old shard has no room for it beside the others", () => {
  const there = { a: [1], b: [1], c: [1], d: [1] };
  expect(run(["a", "b c d"], there)).toEqual({ contents: ["a", "b c d"], waiting: [] });
  expect(run(["a", "b c"], there, false, { maxShardSize: 29 })).toEqual({ contents: ["a", "b c"], waiting: [] });
  expect(run(["a", "b c"], there, false, { maxShardSize: 30 }).contents).toEqual(["a", "a b c"]);
});
