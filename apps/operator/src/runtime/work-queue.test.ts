import { createBackoff, fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

function start(groupOf?: (key: string) => string) {
  const clock = fakeClock();
  const stop = new AbortController();
  // each wait is twice the one before
  const backoff = () => createBackoff({ initialMs: 10, maxMs: 1_000, factor: 2, random: () => 1 });
  const queue = createWorkQueue({ clock, backoff, signal: stop.signal, ...(groupOf && { groupOf }) });
  return { clock, queue, stop: () => stop.abort() };
}

/** Takes everything that can be taken now, and gives it back. */
async function drain(queue: WorkQueue): Promise<(string | undefined)[]> {
  const keys = await Promise.all(Array.from({ length: queue.depth }, () => queue.take()));
  for (const key of keys) queue.done(key ?? "");
  return keys;
}

test("keys come in the order in which they were added, each once however often it was added", async () => {
  const { queue } = start();
  for (const key of ["b", "a", "b", "c", "a"]) queue.add(key);
  expect(queue.depth).toBe(3);
  expect(await drain(queue)).toEqual(["b", "a", "c"]);
});

test("the age of the key that waits for the longest time is known, whatever the turns of the groups, until it is taken", async () => {
  const { queue, clock } = start((key) => key[0] ?? "");
  expect(queue.oldestMs).toBe(0);
  queue.add("a1");
  await clock.advance(5);
  for (const key of ["a1", "a2", "b1"]) queue.add(key);
  await clock.advance(20);
  expect(queue.oldestMs).toBe(25);
  const [first, second] = [await queue.take(), await queue.take()];
  expect([first, second, queue.oldestMs]).toEqual(["a1", "b1", 20]);
  queue.add("a1");
  await queue.take();
  // one that is worked on waits from when it's done
  await clock.advance(100);
  expect(queue.oldestMs).toBe(0);
  queue.done("a1");
  await clock.advance(3);
  expect(queue.oldestMs).toBe(3);
});

test("groups of keys take turns, also those whose keys come later, come again, or come after a delay", async () => {
  const { queue, clock } = start((key) => key[0] ?? "");
  for (const key of ["a1", "a2", "a3", "a4", "a5"]) queue.add(key);
  queue.addAfter("c1", 10);
  const first = await queue.take();
  queue.add("a1");
  queue.add("b1");
  await clock.advance(10);
  queue.done(first ?? "");
  expect(await drain(queue)).toEqual(["a2", "b1", "c1", "a3", "a4", "a5", "a1"]);
});

test("a key that is added while it is worked on comes again after it is done, and not before", async () => {
  const { queue, clock } = start();
  queue.add("a");
  await queue.take();
  queue.add("a");
  queue.add("a");
  expect(queue.depth).toBe(0);
  const next = queue.take();
  let taken = false;
  void next.then(() => (taken = true));
  await clock.advance(0);
  expect(taken).toBe(false);
  queue.done("a");
  expect(await next).toBe("a");
  queue.done("a");
  expect(queue.depth).toBe(0);
});

test("those who wait for a key each get one, in the order in which they came", async () => {
  const { queue } = start();
  const takers = [queue.take(), queue.take(), queue.take()];
  for (const key of ["a", "b", "c"]) queue.add(key);
  expect(await Promise.all(takers)).toEqual(["a", "b", "c"]);
});

test("a key that someone else was quicker to take is not handed to the one who was woken for it", async () => {
  const { queue, clock } = start();
  const slow = queue.take();
  queue.add("a");
  expect(await Promise.race([queue.take(), slow])).toBe("a");
  queue.add("b");
  await clock.advance(0);
  expect(queue.depth).toBe(0);
});

test.each([
  ["the second is earlier", [50, 20], 20],
  ["the first is earlier", [20, 50], 20],
  ["one is at once", [50, 0], 0],
  ["one is already over", [50, -5], 0],
])("of several delays the earliest wins: %s", async (_, delays, due) => {
  const { queue, clock } = start();
  for (const ms of delays) queue.addAfter("a", ms);
  if (due > 0) await clock.advance(due - 1);
  expect(await drain(queue)).toEqual(due > 0 ? [] : ["a"]);
  await clock.advance(1);
  expect(await drain(queue)).toEqual(due > 0 ? ["a"] : []);
  await clock.advance(1_000);
  expect(await drain(queue)).toEqual([]);
  expect(clock.sleeping).toBe(0);
});

test("what is added at once is not added again by a delay that was under way", async () => {
  const { queue, clock } = start();
  queue.addAfter("a", 50);
  queue.add("a");
  expect(clock.sleeping).toBe(0);
  expect(await drain(queue)).toEqual(["a"]);
  await clock.advance(100);
  expect(queue.depth).toBe(0);
});

test("a delay that ends while its key is worked on brings the key again once it is done", async () => {
  const { queue, clock } = start();
  queue.add("a");
  await queue.take();
  queue.addAfter("a", 50);
  await clock.advance(50);
  expect(queue.depth).toBe(0);
  queue.done("a");
  expect(await drain(queue)).toEqual(["a"]);
});

test("the backoff of a key grows from try to try, forgetting starts it anew, and each key has its own", async () => {
  const { queue } = start();
  expect([1, 2, 3, 4].map(() => queue.addBackedOff("a"))).toEqual([20, 40, 80, 160]);
  expect(queue.addBackedOff("b")).toBe(20);
  queue.forget("a");
  expect(queue.addBackedOff("a")).toBe(20);
  expect(queue.addBackedOff("b")).toBe(40);
});

test("a key that is backed off comes after just that wait", async () => {
  const { queue, clock } = start();
  const ms = queue.addBackedOff("a");
  await clock.advance(ms - 1);
  expect(queue.depth).toBe(0);
  await clock.advance(1);
  expect(await drain(queue)).toEqual(["a"]);
});

test("the end of the queue ends all who wait, and all timers", async () => {
  const { queue, clock, stop } = start();
  const takers = [queue.take(), queue.take()];
  queue.addAfter("a", 50);
  stop();
  expect(await Promise.all(takers)).toEqual([undefined, undefined]);
  expect(clock.sleeping).toBe(0);
  await clock.advance(100);
  expect(queue.depth).toBe(0);
});

test("after the end nothing is handed out, not even what was ready, and nothing starts to wait", async () => {
  const { queue, clock, stop } = start();
  queue.add("a");
  queue.add("b");
  await queue.take();
  stop();
  queue.add("a");
  queue.addAfter("c", 50);
  queue.addBackedOff("d");
  queue.done("a");
  expect(await queue.take()).toBeUndefined();
  expect(clock.sleeping).toBe(0);
});

test("a queue whose signal has ended before it began hands out nothing", async () => {
  const clock = fakeClock();
  const backoff = () => createBackoff({ initialMs: 10, maxMs: 1_000, random: () => 0 });
  const queue = createWorkQueue({ clock, backoff, signal: AbortSignal.abort() });
  queue.add("a");
  expect(await queue.take()).toBeUndefined();
});
