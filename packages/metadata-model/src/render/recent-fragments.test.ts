import { expect, test } from "vitest";
import { createRecentFragments } from "./recent-fragments.ts";

/** Asks for the fragments of each in turn, trimming at each blank, and answers how often those of each were made. */
function made(most: number, asked: string): Record<string, number> {
  const recent = createRecentFragments(most);
  const peers = new Map(Array.from(asked, (name) => [name, { name }]));
  const times: Record<string, number> = {};
  for (const name of asked) {
    if (name === " ") {
      recent.trim();
      continue;
    }
    const fragments = recent.of(peers.get(name) ?? {}, () => {
      times[name] = (times[name] ?? 0) + 1;
      return [name];
    });
    expect(fragments).toEqual([name]);
  }
  return times;
}

test("what is asked for again soon is made once, also after a trim", () => {
  expect(made(2, "aabb")).toEqual({ a: 1, b: 1 });
  expect(made(2, "abc abc")).toEqual({ a: 1, b: 1, c: 1 });
});

test("what a plan asks for is made once until it is written, though it is more than what is remembered then", () => {
  expect(made(2, "abcdefghabcdefgh")).toEqual({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1 });
  expect(made(2, "abcdefgh abcdefgh")["a"]).toBe(2);
});

test("what is asked for all the time stays, whatever comes meanwhile", () => {
  expect(made(2, "ab ac ad ae af a")["a"]).toBe(1);
});

test("what was asked for long ago is made again", () => {
  expect(made(2, "abcdefghijklmnopqrstuva")["a"]).toBe(2);
  expect(made(2, "abc def ghi a")["a"]).toBe(2);
});
