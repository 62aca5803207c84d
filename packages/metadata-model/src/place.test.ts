import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Placeable, ShardLimits } from "./loads.ts";
import { isPlaceable, type Placement, place } from "./place.ts";

/** Peers by id, each of 10 bytes but for those given as `id:size`. */
const peers = (text: string): Placeable[] =>
  text
    .split(" ")
    .filter(Boolean)
    .map((one) => {
      const [id = "", size = "10"] = one.split(":");
      return { id, size: Number(size) };
    });

const limits: ShardLimits = { peersPerShard: 3, maxShardSize: 100, maxShards: 3, emptySize: () => 0 };
const held = (shards: Record<number, string>) =>
  new Map(Object.entries(shards).flatMap(([index, ids]) => ids.split(" ").map((id) => [id, Number(index)])));
const shown = ({ shards, left }: Placement<Placeable>) => ({
  shards: shards.map((shard) => shard.map(({ id }) => id).join(" ")),
  left: left.map(({ id }) => id).join(" "),
});

describe("peers are placed", () => {
  test.each<[string, string, Record<number, string>, Partial<ShardLimits>, string[], string?]>([
    ["none: on one empty shard", "", {}, {}, [""]],
    ["new ones in their order, shard after shard", "a b c d e", {}, {}, ["a b c", "d e"]],
    ["those that have a place where they are", "a b c d", { 0: "d", 1: "a b" }, {}, ["d", "a b c"]],
    ["a new one on the fullest shard with room", "a b c d n", { 0: "a", 1: "b c", 2: "d" }, {}, ["a", "b c n", "d"]],
    ["in an emptied shard rather than on one more", "a b c n", { 1: "a b c" }, {}, ["n", "a b c"]],
    ["in an emptied shard only where no other has room", "a b n", { 1: "a b" }, {}, ["", "a b n"]],
    ["without closing ranks when others go", "a d", { 0: "a b c", 1: "d e f" }, {}, ["a", "d"]],
    ["by size as well as by number", "a:60 b:50 c:40", {}, {}, ["a c", "b"]],
    ["up to the very limit, the shard's own size included", "a:45 b:45 c:1", {}, { emptySize: () => 10 }, ["a b", "c"]],
    [
      "less in the first shard where that weighs more",
      "a b c",
      {},
      { emptySize: (n) => (n === 0 ? 85 : 0) },
      ["a", "b c"],
    ],
    ["elsewhere when they have grown too large for their shard", "a:60 b:60", { 0: "a b" }, {}, ["a", "b"]],
    ["elsewhere when the limit is lowered", "a b c d", { 0: "a b", 1: "c d" }, { peersPerShard: 2 }, ["a b", "c d"]],
    ["in fewer shards when there are fewer", "a b c d", { 0: "a b", 2: "c d" }, { maxShards: 2 }, ["a b c", "d"]],
    ["nowhere when all shards are full", "a b c d", {}, { maxShards: 1 }, ["a b c"], "d"],
    ["nowhere when larger than a shard, and others all the same", "a:101 b", {}, {}, ["b"], "a"],
    ["the old ones rather than the new ones", "a b c d", { 0: "b c d" }, { maxShards: 1 }, ["b c d"], "a"],
    [
      "those that must move rather than the new ones",
      "a z",
      { 1: "z" },
      { maxShards: 1, peersPerShard: 1 },
      ["z"],
      "a",
    ],
    [
      "those that must move not where others must move away",
      "a:70 b:50 c:45 d:60",
      { 0: "a b", 1: "c d" },
      { maxShards: 4 },
      ["a", "c", "b", "d"],
    ],
  ])("%s", (_, ids, before, change, shards, left = "") => {
    expect(shown(place(peers(ids), held(before), { ...limits, ...change }))).toEqual({ shards, left });
  });
});

describe("shards shrink back", () => {
  const four = { ...limits, peersPerShard: 4, maxShards: 5 };

  test.each<[string, string, Record<number, string>, string[], Partial<ShardLimits>?]>([
    ["when one is down to a quarter and another has room to spare", "a b c", { 0: "a b", 1: "c" }, ["a b c"]],
    ["not when it is more than a quarter", "a b c", { 0: "a", 1: "b c" }, ["a", "b c"]],
    ["not when the other would be more than three quarters full", "a b c d", { 0: "a b c", 1: "d" }, ["a b c", "d"]],
    ["not when the other would be so by size", "a:60 b:20", { 0: "a", 1: "b" }, ["a", "b"]],
    ["not when the one is more than a quarter by size", "a:10 b:30", { 0: "a", 1: "b" }, ["a", "b"]],
    ["not the first one", "a b c", { 0: "a", 1: "b c" }, ["a", "b c"]],
    ["the last one first", "a b c", { 0: "a", 1: "b", 2: "c" }, ["a b c"]],
    ["as many as there is room for", "a b c d", { 0: "a", 1: "b", 2: "c", 3: "d" }, ["a c d", "b"]],
    ["while new peers are placed elsewhere", "a b c n", { 0: "a b", 1: "c" }, ["a b c n"]],
  ])("%s", (_, ids, before, shards, change = {}) => {
    expect(shown(place(peers(ids), held(before), { ...four, ...change })).shards).toEqual(shards);
  });

  test("not from where, nor to where, nothing can be written", () => {
    const before = held({ 0: "a b", 1: "c" });
    for (const blocked of [0, 1]) {
      expect(shown(place(peers("a b c"), before, four, (index) => index === blocked)).shards).toEqual(["a b", "c"]);
    }
  });
});

test("a peer is placeable that fits in the first shard or in another one", () => {
  const heavy = { ...limits, emptySize: (index: number) => (index === 0 ? 90 : 50) };
  const size = (bytes: number) => ({ id: "a", size: bytes });
  expect([50, 51].map((bytes) => isPlaceable(size(bytes), heavy))).toEqual([true, false]);
  expect([10, 11].map((bytes) => isPlaceable(size(bytes), { ...heavy, maxShards: 1 }))).toEqual([true, false]);
});

/** Any peers, where they are now, and limits that bind. */
const scene = fc
  .record({
    homes: fc.array(fc.record({ home: fc.option(fc.nat({ max: 4 })), size: fc.nat({ max: 60 }) }), { maxLength: 20 }),
    limits: fc.record({
      peersPerShard: fc.integer({ min: 1, max: 6 }),
      maxShardSize: fc.integer({ min: 20, max: 120 }),
      maxShards: fc.integer({ min: 1, max: 6 }),
      sizes: fc.record({ first: fc.nat({ max: 20 }), other: fc.nat({ max: 20 }) }),
    }),
  })
  .map(({ homes, limits: { sizes, ...given } }) => ({
    peers: homes.map(({ size }, index) => ({ id: String(index), size })),
    current: new Map(homes.flatMap(({ home }, index) => (home === null ? [] : [[String(index), home] as const]))),
    limits: { ...given, emptySize: (index: number) => (index === 0 ? sizes.first : sizes.other) },
  }));
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

const sizeOf = (shard: readonly Placeable[], index: number, { emptySize }: ShardLimits) =>
  shard.reduce((sum, { size }) => sum + size, emptySize(index));
const homes = ({ shards }: Placement<Placeable>) =>
  new Map(shards.flatMap((shard, index) => shard.map(({ id }) => [id, index] as const)));

describe("whatever the peers, their places and the limits,", () => {
  const always = (holds: (placed: Placement<Placeable>, given: Scene) => void) =>
    fc.assert(
      fc.property(scene, (given) => holds(place(given.peers, given.current, given.limits), given)),
      { numRuns: 2000 },
    );

  test("each peer is on one shard or left, and a shard keeps the order of the peers", () => {
    always(({ shards, left }, given) => {
      expect([...shards.flat(), ...left].toSorted(byId)).toEqual(given.peers.toSorted(byId));
      for (const some of [...shards, left]) expect(some).toEqual(given.peers.filter((peer) => some.includes(peer)));
    });
  });

  test("no limit is passed", () => {
    always(({ shards }, given) => {
      expect(shards.length).toBeLessThanOrEqual(given.limits.maxShards);
      for (const [index, shard] of shards.entries()) {
        expect(shard.length).toBeLessThanOrEqual(given.limits.peersPerShard);
        if (shard.length > 0) expect(sizeOf(shard, index, given.limits)).toBeLessThanOrEqual(given.limits.maxShardSize);
      }
    });
  });

  test("a peer moves only when its shard is full without it, or was nearly empty and is given up", () => {
    always((placed, { peers: all, current, limits: { maxShards, ...limit } }) => {
      const home = homes(placed);
      for (const peer of all) {
        const before = current.get(peer.id);
        if (before === undefined || before >= maxShards || home.get(peer.id) === before) continue;
        const stayed = (placed.shards[before] ?? []).filter(({ id }) => current.get(id) === before);
        const full = stayed.length >= limit.peersPerShard;
        const fullBySize = sizeOf(stayed, before, { ...limit, maxShards }) + peer.size > limit.maxShardSize;
        expect(full || fullBySize || (before > 0 && stayed.length <= limit.peersPerShard / 4)).toBe(true);
      }
    });
  });

  test("a peer is left only where no shard has room for it", () => {
    always(({ shards, left }, given) => {
      const { maxShards, peersPerShard, maxShardSize } = given.limits;
      const all = Array.from({ length: maxShards }, (_, index) => shards[index] ?? []);
      for (const peer of left) {
        const hasRoom = (shard: readonly Placeable[], index: number) =>
          shard.length < peersPerShard && sizeOf(shard, index, given.limits) + peer.size <= maxShardSize;
        expect(all.some(hasRoom)).toBe(false);
      }
    });
  });

  test("placing again and again changes nothing from the second time on", () => {
    always((placed, given) => {
      const again = place(given.peers, homes(placed), given.limits);
      const third = place(given.peers, homes(again), given.limits);
      expect(homes(third)).toEqual(homes(again));
    });
  });

  test("peers that go and come back move the others once at the most: shards don't flap", () => {
    fc.assert(
      fc.property(scene, fc.infiniteStream(fc.boolean()), ({ peers: all, current, limits: given }, coin) => {
        const staying = all.filter(() => coin.next().value === true);
        let home = homes(place(all, current, given));
        const round = () => {
          const without = homes(place(staying, home, given));
          home = homes(place(all, without, given));
          return { without, home };
        };
        round();
        round();
        expect(round()).toEqual(round());
      }),
      { numRuns: 2000 },
    );
  });

  test("a peer that moves doesn't meet one that moves away, while there are shards enough", () => {
    always((_, given) => {
      const spacious = { ...given.limits, maxShards: 100 };
      const home = homes(place(given.peers, given.current, spacious));
      const moves = given.peers.filter(
        ({ id }) => given.current.has(id) && home.has(id) && home.get(id) !== given.current.get(id),
      );
      const givers = new Set(moves.map(({ id }) => given.current.get(id)));
      expect(moves.filter(({ id }) => givers.has(home.get(id)))).toEqual([]);
    });
  });
});

function byId(a: Placeable, b: Placeable): number {
  return Number(a.id) - Number(b.id);
}

describe("where a shard can't be written now", () => {
  const isBlocked = (index: number) => index === 1;

  test("a peer that would move there stays where it is, and new ones are placed as ever", () => {
    const old = held({ 0: "a b c d" });
    expect(shown(place(peers("a b c d n"), old, limits, isBlocked))).toEqual({ shards: ["a b c d", "n"], left: "" });
  });

  test("a peer that would move there moves to another one that has room", () => {
    const old = held({ 0: "a b c d", 1: "x", 2: "y" });
    const { shards } = shown(place(peers("a b c d x y"), old, limits, isBlocked));
    expect(shards).toEqual(["a b c", "x", "d y"]);
  });

  test("a peer that even a whole ConfigMap can't hold beside the others is left out", () => {
    const half = 600_000;
    const old = held({ 0: "a b" });
    const wide = { ...limits, maxShardSize: half };
    expect(shown(place(peers(`a:${half} b:${half}`), old, wide, isBlocked))).toEqual({ shards: ["a"], left: "b" });
  });
});
