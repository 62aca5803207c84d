import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBytes, formatMap, sortedEntries } from "./format-map.ts";

describe("a map is written as the kubelet does it", () => {
  test("a line for each entry, sorted, without a newline at the end", () => {
    expect(formatMap({ tier: "back", app: "web", "a.b/c": 'x="1"\n' })).toBe(
      'a.b/c="x=\\"1\\"\\n"\napp="web"\ntier="back"',
    );
  });

  test("an empty map is an empty text", () => {
    expect(formatMap({})).toBe("");
  });

  test("keys are sorted by bytes: capitals first, numbers as text, what is beyond UTF-16 last", () => {
    const keys = ["b", "a", "B", "10", "9", "-", "é", "\uffee", "\u{1f600}", "ab"];
    const map = Object.fromEntries(keys.map((key) => [key, ""]));
    expect(sortedEntries(map).map(([key]) => key)).toEqual([
      "-",
      "10",
      "9",
      "B",
      "a",
      "ab",
      "b",
      "é",
      "\uffee",
      "\u{1f600}",
    ]);
  });

  test("keys that name something of Object.prototype are keys like others", () => {
    expect(formatMap(JSON.parse('{"__proto__":"1","constructor":"2"}'))).toBe('__proto__="1"\nconstructor="2"');
  });
});

test("the property: the order is that of the keys' bytes in UTF-8", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "\u007f", "é", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"),
  });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 1000 },
  );
});

test("the property: the order in which entries were added does not show", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (map) => {
      expect(formatMap(Object.fromEntries(Object.entries(map).toReversed()))).toBe(formatMap(map));
    }),
  );
});
