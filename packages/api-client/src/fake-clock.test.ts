import { expect, test } from "vitest";
import { fakeClock } from "./fake-clock.ts";

test("time stands still until it is advanced", async () => {
  const clock = fakeClock(1_000);
  await clock.advance(250);
  expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250]);
});

test("sleepers wake in the order in which they are due, each at its own time", async () => {
  const clock = fakeClock();
  const woken: string[] = [];
  const sleep = async (ms: number): Promise<void> => {
    await clock.sleep(ms);
    woken.push(`${ms} at ${clock.monotonic()}`);
  };
  const all = [sleep(30), sleep(10), sleep(20), sleep(40)];
  expect(clock.sleeping).toBe(4);
  await clock.advance(35);
  expect(woken).toEqual(["10 at 10", "20 at 20", "30 at 30"]);
  expect(clock.sleeping).toBe(1);
  await clock.advance(5);
  await Promise.all(all);
});

test("a loop that sleeps again and again runs as often as it would", async () => {
  const clock = fakeClock();
  let ticks = 0;
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await clock.sleep(10, stopping.signal);
      ticks++;
    }
  })();
  await clock.advance(100);
  expect(ticks).toBe(10);
  stopping.abort();
  await loop;
  expect(clock.sleeping).toBe(0);
});

test("an aborted sleep resolves at once, and one after the abort too", async () => {
  const clock = fakeClock();
  const stopping = new AbortController();
  const sleeping = clock.sleep(1_000, stopping.signal);
  stopping.abort();
  await sleeping;
  await clock.sleep(1_000, stopping.signal);
  expect([clock.sleeping, clock.monotonic()]).toEqual([0, 0]);
});
