import fc from "fast-check";
import { expect, test } from "vitest";
import { isNewer } from "./resource-version.ts";

const version = fc.bigInt({ min: 1n, max: 2n ** 80n });

test("versions compare as the numbers that they are, of any length", () => {
  fc.assert(fc.property(version, version, (a, b) => isNewer(String(a), String(b)) === a > b));
});

test.each([
  ["9", "10", false],
  ["10", "9", true],
  ["7", "7", false],
  ["18446744073709551616", "9007199254740993", true],
])("whether %s is newer than %s: %s", (a, b, expected) => {
  expect(isNewer(a, b)).toBe(expected);
});

test.each([
  ["", "5"],
  ["5", ""],
  ["abc", "5"],
  ["5", "abc"],
  ["007", "5"],
  ["-10", "5"],
  ["12.5", "5"],
])("what isn't a version can't be compared: neither of %j and %j is newer", (a, b) => {
  expect([isNewer(a, b), isNewer(b, a)]).toEqual([false, false]);
});
