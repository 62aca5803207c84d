import { expect, test } from "vitest";
import { createRandom } from "./random.ts";

test("the same seed gives the same numbers, and another one others", () => {
  const numbers = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => random.int(1, 1_000_000));
  };
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
});

test("a weight of 0 never comes up, and the others as often as they say", () => {
  const random = createRandom(1);
  const drawn = Array.from({ length: 4_000 }, () => random.weighted({ never: 0, seldom: 1, often: 3 }));
  const often = drawn.filter((name) => name === "often").length;
  expect(drawn).not.toContain("never");
  expect(often).toBeGreaterThan(2_800);
  expect(often).toBeLessThan(3_200);
});

test("some of a list is at least one of it, in its order, none twice", () => {
  const random = createRandom(2);
  for (let i = 0; i < 200; i++) {
    const some = random.some(["a", "b", "c"]);
    expect(some.length).toBeGreaterThan(0);
    expect(some).toEqual([...new Set(some)].toSorted((a, b) => (a < b ? -1 : 1)));
  }
});

test("from nothing nothing can be picked", () => {
  expect(() => createRandom(3).pick([])).toThrow("nothing to pick");
});
