import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8Length, utf8Start } from "./utf8.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("a", "é", "€", "👍", "\u0800") }),
);

test.each([
  ["", 0],
  ["\0\x7f", 2],
  ["\x80\u07ff", 4],
  ["\u0800\ud7ff\ue000\uffff", 12],
  ["👍", 4],
])("the length of %j is %i bytes", (one, bytes) => {
  expect(utf8Length(one)).toBe(bytes);
});

test("the length is that of Node's encoder", () => {
  fc.assert(fc.property(text, (one) => utf8Length(one) === Buffer.byteLength(one)));
});

test("a start is the longest one that fits, and never ends within a character", () => {
  fc.assert(
    fc.property(text, fc.nat({ max: 40 }), (one, bytes) => {
      const start = utf8Start(one, bytes);
      expect(one.startsWith(start) && start.isWellFormed()).toBe(true);
      expect(utf8Length(start)).toBeLessThanOrEqual(bytes);
      const [next] = one.slice(start.length);
      if (next !== undefined) expect(utf8Length(start) + utf8Length(next)).toBeGreaterThan(bytes);
    }),
  );
});
