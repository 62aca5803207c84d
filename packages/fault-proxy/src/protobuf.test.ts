import { expect, test } from "vitest";
import { bytesOf, int, part } from "./protobuf.ts";

test("the first field of a number is found behind fields of all other kinds", () => {
  const fixed = [Buffer.from([(8 << 3) | 1, ...Array(8).fill(1)]), Buffer.from([(9 << 3) | 5, 1, 2, 3, 4])];
  const long = "x".repeat(300);
  const message = Buffer.concat([int(1, 300), ...fixed, part(2, "before"), part(600, long), part(600, "later")]);
  expect(bytesOf(message, 600).toString()).toBe(long);
  expect(bytesOf(message, 3)).toHaveLength(0);
});

test("what is cut off is no message", () => {
  expect(() => bytesOf(Buffer.from([(2 << 3) | 2]), 2)).toThrow(RangeError);
});
