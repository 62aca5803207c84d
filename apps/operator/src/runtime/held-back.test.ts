import { expect, test } from "vitest";
import { heldBack } from "./held-back.ts";

async function* numbers(read: number[]) {
  for (const number of [1, 2, 3]) {
    read.push(number);
    yield number;
  }
}

test("items wait as long as they are held, each in its order, and none is read ahead", async () => {
  const read: number[] = [];
  const told: number[] = [];
  let held: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>();
  const holds: (PromiseWithResolvers<void> | undefined)[] = [Promise.withResolvers<void>(), undefined];
  const ended = (async () => {
    for await (const number of heldBack(numbers(read), () => held?.promise)) told.push(number);
  })();
  await new Promise(setImmediate);
  expect([read, told]).toEqual([[1], []]);
  // who is released may be held anew at once
  for (const next of holds) {
    const before = held;
    held = next;
    before?.resolve();
    await new Promise(setImmediate);
    if (next !== undefined) expect([read, told]).toEqual([[1], []]);
  }
  await ended;
  expect(told).toEqual([1, 2, 3]);
});
