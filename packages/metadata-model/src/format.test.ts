import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Format, Formats, shardKey } from "./format.ts";

test.each([
  ["peers.json", 0, "peers.json"],
  ["peers.json", 2, "peers-2.json"],
  ["hosts", 1, "hosts-1"],
  ["a.tar.gz", 3, "a.tar-3.gz"],
  ["hosts.", 1, "hosts-1."],
])("the key %s in shard %i is %s", (key, index, expected) => {
  expect(shardKey(key, index)).toBe(expected);
});

/** A key that the schema and its CEL rule take. */
const key = fc
  .string({ unit: fc.constantFrom("a", "b", "0", "1", "-", "."), minLength: 1, maxLength: 8 })
  .filter((one) => Format.safeParse({ type: "JSON", key: one }).success && !/-[0-9]+([.][^.]*)?$/.test(one));

describe("the keys of aggregates", () => {
  test("never collide, whichever the keys and the shards", () => {
    fc.assert(
      fc.property(key, fc.nat({ max: 300 }), key, fc.nat({ max: 300 }), (a, i, b, j) => {
        fc.pre(a !== b || i !== j);
        return shardKey(a, i) !== shardKey(b, j);
      }),
    );
  });

  test("grow by four characters at most, and are keys of a ConfigMap in every shard", () => {
    fc.assert(
      fc.property(key, fc.nat({ max: 255 }), (one, index) => {
        const made = shardKey(one, index);
        return made.length <= one.length + 4 && /^[-._a-zA-Z0-9]+$/.test(made) && !made.startsWith("..");
      }),
    );
  });

  test.each(["", "_hosts", "ho_sts", "-a", ".a", "..", "a/b", "a".repeat(121)])("may not be %j", (one) => {
    expect(Format.safeParse({ type: "JSON", key: one }).success).toBe(false);
  });
});

test("Files is the format of who gives none", () => {
  expect(Formats.parse(undefined)).toEqual([{ type: "Files" }]);
  expect(Formats.safeParse([]).success).toBe(false);
});

test("a format that isn't one is refused", () => {
  expect(Format.safeParse({ type: "CSV", key: "csv" }).success).toBe(false);
});
