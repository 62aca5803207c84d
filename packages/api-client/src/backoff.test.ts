import { expect, test } from "vitest";
import { createBackoff } from "./backoff.ts";

function waits(random: () => number, count: number): readonly number[] {
  const backoff = createBackoff({ initialMs: 800, maxMs: 30_000, random });
  return Array.from({ length: count }, () => backoff.next());
}

test("waits grow to the longest and stay there", () => {
  expect(waits(() => 0.5, 8)).toEqual([1_600, 2_800, 4_600, 7_300, 11_350, 17_425, 26_537.5, 30_000]);
});

test("whatever chance says, a wait is between the shortest and the longest", () => {
  expect(waits(() => 0, 20)).toEqual(Array.from({ length: 20 }, () => 800));
  expect(waits(() => 0.999_999, 20).every((wait) => wait > 800 && wait <= 30_000)).toBe(true);
});

test("two clients with other luck wait differently", () => {
  expect(waits(() => 0.3, 3)).not.toEqual(waits(() => 0.4, 3));
});

test("after a reset the next wait is a short one", () => {
  const backoff = createBackoff({ initialMs: 800, maxMs: 30_000, random: () => 0.5 });
  for (let i = 0; i < 10; i++) backoff.next();
  backoff.reset();
  expect(backoff.next()).toBe(1_600);
});

test("a server's Retry-After is the least, spread a little, and at most five minutes", () => {
  const backoff = createBackoff({ initialMs: 800, maxMs: 30_000, random: () => 0.5 });
  expect(backoff.next(60_000)).toBe(60_400);
  expect(backoff.next(1)).toBe(2_800);
  expect(backoff.next(86_400_000)).toBe(300_400);
});

test("the factor says how fast waits may grow", () => {
  const backoff = createBackoff({ initialMs: 5, maxMs: 1_000, factor: 2, random: () => 1 - Number.EPSILON });
  expect([1, 2, 3].map(() => Math.round(backoff.next()))).toEqual([10, 20, 40]);
});
