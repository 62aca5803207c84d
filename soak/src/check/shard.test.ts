import { expect, test } from "vitest";
import { documentKey, indexOf } from "./shard.ts";

test.each([
  ["mirror-0", 0],
  ["mirror-0-1", 1],
  ["mirror-0-12", 12],
  ["mirror-0-01", undefined],
  ["mirror-0-0", undefined],
  ["mirror-0-x", undefined],
  ["mirror-01", undefined],
  ["mirror-1", undefined],
])("%s is the ConfigMap %s of mirror-0", (name, index) => {
  expect(indexOf(name, "mirror-0")).toBe(index);
});

test.each([
  ["peers.json", 0, "peers.json"],
  ["peers.json", 2, "peers-2.json"],
  ["hosts", 1, "hosts-1"],
])("%s of ConfigMap %d is %s", (key, index, expected) => {
  expect(documentKey(key, index)).toBe(expected);
});
