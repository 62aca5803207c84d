import { expect, test } from "vitest";
import { createRecentFragments } from "./recent-fragments.ts";

/** Asks for the fragments of each in turn, and answers how often those of each were made. */
function made(most: number, asked: string): Record<string, number> {
  const recent = createRecentFragments(most);
  const peers = new Map(Array.from(asked, (name) => [name, { name }]));
  const times: Record<string, number> = {};
  for (const name of asked) {
    const fragments = recent.of(peers.get(name) ?? {}, () => {
      times[name] = (times[name] ?? 0) + 1;
      return [name];
    });
    expect(fragments).toEqual([name]);
  }
  return times;
}

test("what is asked for again soon is made once", () => {
  expect(made(2, "aabb")).toEqual({ a: 1, b: 1 });
  expect(made(2, "abcabc")).toEqual({ a: 1, b: 1, c: 1 });
});

test("what is asked for all the time stays, whatever comes meanwhile", () => {
  expect(made(2, "abacadaeafa")["a"]).toBe(1);
});

test("what was asked for long ago is made again", () => {
  expect(made(2, "abcdefa")["a"]).toBe(2);
});
