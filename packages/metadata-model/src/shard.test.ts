import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mirror } from "../test/objects.ts";
import { shardIndex, shardLimits, shardName } from "./shard.ts";

const named = (configMapName: string) => mirror({ output: { configMapName } });

test("shards have the mirror's own name, or the one given, and their index from the second on", () => {
  expect([0, 1, 12].map((index) => shardName(mirror(), index))).toEqual(["web-peers", "web-peers-1", "web-peers-12"]);
  expect(shardName(named("peers.of.web"), 1)).toBe("peers.of.web-1");
});

test.each([
  "web-peers-0",
  "web-peers-01",
  "web-peers-",
  "web-peers-x",
  "web-peers-1-1",
  "web-peers1",
  "web",
  "web-peers-1000",
])("%s is no shard of web-peers", (name) => {
  expect(shardIndex(mirror(), name)).toBeUndefined();
});

test("the index of a shard is found in its name", () => {
  fc.assert(
    fc.property(fc.constantFrom("a", "a-1", "peers.x"), fc.nat({ max: 255 }), (base, index) => {
      return shardIndex(named(base), shardName(named(base), index)) === index;
    }),
  );
});

describe("the limits of a mirror", () => {
  test.each([
    ["256Ki", 262144],
    [65536, 65536],
    ["0.5Mi", 524288],
    ["not a quantity", 0],
  ])("hold a maxShardSize of %s as %i bytes", (maxShardSize, bytes) => {
    const { output } = mirror({ output: { maxShardSize, peersPerShard: 7, maxShards: 3 } }).spec;
    const emptySize = () => 20;
    expect(shardLimits(output, emptySize)).toEqual({ peersPerShard: 7, maxShardSize: bytes, maxShards: 3, emptySize });
  });
});
