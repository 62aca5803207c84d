import { expect, test } from "vitest";
import { oneByOne } from "./batches.ts";

test("items come one by one, in the order of the batches, of which some are empty", async () => {
  async function* batches() {
    yield [1, 2];
    yield [];
    yield [3];
    yield [];
  }
  const seen: number[] = [];
  for await (const item of oneByOne(batches())) seen.push(item);
  expect(seen).toEqual([1, 2, 3]);
});

test("the next batch is not asked for before all of the last is taken", async () => {
  let asked = 0;
  async function* batches() {
    for (;;) {
      asked++;
      yield [asked, asked];
    }
  }
  const items = oneByOne(batches());
  const seen: unknown[] = [];
  for (let count = 0; count < 4; count++) seen.push([(await items.next()).value, asked]);
  expect(seen).toEqual([
    [1, 1],
    [1, 1],
    [2, 2],
    [2, 2],
  ]);
});

test("leaving the loop ends the batches, and what is left of the last is dropped", async () => {
  let ended = false;
  async function* batches() {
    try {
      yield [1, 2];
    } finally {
      ended = true;
    }
  }
  const items = oneByOne(batches());
  for await (const item of items) if (item === 1) break;
  expect([ended, await items.next()]).toEqual([true, { done: true, value: undefined }]);
});

test("what the batches throw is thrown after the items before it", async () => {
  async function* batches() {
    yield [1];
    throw new Error("broken");
  }
  const seen: number[] = [];
  const all = (async () => {
    for await (const item of oneByOne(batches())) seen.push(item);
  })();
  await expect(all).rejects.toThrow("broken");
  expect(seen).toEqual([1]);
});
