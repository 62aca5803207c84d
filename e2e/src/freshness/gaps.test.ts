import { expect, test } from "vitest";
import { pauses } from "./gaps.ts";

const take = (seed: number) => pauses(1000, { leastMs: 100, mostMs: 300 }, seed);

test("pauses are as long as told, and of every length in between", () => {
  const taken = take(1);
  expect(Math.min(...taken)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...taken)).toBeLessThan(300);
  for (let least = 100; least < 300; least += 20) {
    expect(taken.filter((pause) => pause >= least && pause < least + 20).length).toBeGreaterThan(60);
  }
});

test("the same seed gives the same pauses, another one others", () => {
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
});
