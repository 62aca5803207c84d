import { expect, test } from "vitest";
import { shardOfFile } from "./shard-file.ts";

test.each([
  ["peers.json", "peers.json", 0],
  ["peers.json", "peers-1.json", 1],
  ["peers.json", "peers-120.json", 120],
  ["hosts", "hosts", 0],
  ["hosts", "hosts-7", 7],
  ["a.b.json", "a.b-2.json", 2],
  ["peers-eu.json", "peers-eu-3.json", 3],
])("of the key %s the file %s is of shard %i", (key, file, shard) => {
  expect(shardOfFile(key)(file)).toBe(shard);
});

test.each([
  ["peers.json", "peers-0.json"],
  ["peers.json", "peers-01.json"],
  ["peers.json", "peers-.json"],
  ["peers.json", "peers-1x.json"],
  ["peers.json", "peers-1.json.tmp"],
  ["peers.json", "peers-1"],
  ["peers.json", "other.json"],
  ["peers.json", "peers-eu.json"],
  ["peers.json", "peers-eu-1.json"],
  ["peers.json", "peersXjson"],
  ["hosts", "hosts-1.json"],
  ["hosts", "web-0_podIP"],
  ["peers.json", "..data"],
])("of the key %s the file %s is no shard", (key, file) => {
  expect(shardOfFile(key)(file)).toBeUndefined();
});
