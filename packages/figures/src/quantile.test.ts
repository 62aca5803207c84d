import { expect, test } from "vitest";
import { quantile } from "./quantile.ts";

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test.for([
  [0, 1],
  [0.5, 50],
  [0.99, 99],
  [1, 100],
] as const)("the quantile %d of 1 to 100 in any order is %d", ([q, expected]) => {
  expect(quantile(hundred, q)).toBe(expected);
});

test("of few values the high ones are the worst", () => {
  expect(quantile([3, 1, 2], 0.99)).toBe(3);
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
});

test("of no values there is none, nor one beyond the least or the worst", () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError);
  expect(() => quantile([1], -0.1)).toThrow(RangeError);
  expect(() => quantile([1], 1.5)).toThrow(RangeError);
  expect(() => quantile([1], Number.NaN)).toThrow(RangeError);
});
