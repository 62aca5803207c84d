import { fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createRateLimiter } from "./rate-limiter.ts";

function start(perSecond: number) {
  const clock = fakeClock();
  const stop = new AbortController();
  const limiter = createRateLimiter({ clock, perSecond, signal: stop.signal });
  const turns: number[] = [];
  /** Takes so many turns, each ended as soon as it has come; when they came is in `turns`. */
  function take(count: number, used = true): void {
    for (let at = 0; at < count; at++) {
      void limiter.turn().then(() => {
        turns.push(clock.monotonic());
        limiter.end(used);
      });
    }
  }
  return { clock, limiter, turns, take, stop: () => stop.abort() };
}

test("after a quiet second as much is done at once as in a second, then it goes at the rate", async () => {
  const { clock, turns, take } = start(10);
  take(35);
  await clock.advance(0);
  expect(turns).toHaveLength(10);
  await clock.advance(1_000);
  expect(turns.length).toBeGreaterThanOrEqual(19);
  expect(turns.length).toBeLessThanOrEqual(21);
  await clock.advance(2_000);
  expect(turns).toHaveLength(35);
});

test("in any second no more is done than twice the rate, and over a long time no more than the rate", async () => {
  const { clock, turns, take } = start(10);
  take(200);
  await clock.advance(15_000);
  for (const from of turns)
    expect(turns.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(20);
  expect(turns.length).toBeLessThanOrEqual(10 + 151);
  expect(turns.length).toBeGreaterThanOrEqual(150);
});

test("turns that are not used cost nothing", async () => {
  const { clock, turns, take } = start(10);
  take(1_000, false);
  await clock.advance(0);
  expect(turns).toHaveLength(1_000);
  take(10);
  await clock.advance(0);
  expect(turns).toHaveLength(1_010);
});

test("a turn that is given back goes to the one who waits, at once", async () => {
  const { clock, limiter, turns, take } = start(1);
  await limiter.turn();
  take(1);
  await clock.advance(0);
  expect(turns).toEqual([]);
  limiter.end(false);
  await clock.advance(0);
  expect(turns).toEqual([0]);
});

test("turns that are under way count, however long they take", async () => {
  const { clock, limiter } = start(10);
  let begun = 0;
  for (let at = 0; at < 30; at++) void limiter.turn().then(() => begun++);
  await clock.advance(60_000);
  expect(begun).toBe(10);
  for (let at = 0; at < 10; at++) limiter.end(true);
  await clock.advance(1_000);
  expect(begun).toBe(20);
});

test("those who wait have one timer between them, and the end ends it and them", async () => {
  const { clock, turns, take, stop } = start(1);
  take(2_000);
  await clock.advance(0);
  expect([turns.length, clock.sleeping]).toEqual([1, 1]);
  stop();
  await clock.advance(0);
  expect([turns.length, clock.sleeping]).toEqual([2_000, 0]);
});

test("while all turns are held nobody has a timer, and the one that ends lets the next be waited for", async () => {
  const { clock, limiter, turns, take, stop } = start(5);
  for (let at = 0; at < 5; at++) await limiter.turn();
  take(11);
  await clock.advance(0);
  expect([turns, clock.sleeping]).toEqual([[], 0]);
  await clock.advance(60_000);
  expect([turns, clock.sleeping]).toEqual([[], 0]);
  limiter.end(true);
  await clock.advance(0);
  expect([turns, clock.sleeping]).toEqual([[], 1]);
  await clock.advance(1_000);
  expect(turns.length).toBeGreaterThan(0);
  for (let at = 0; at < 4; at++) limiter.end(false);
  await clock.advance(10_000);
  expect([turns.length, clock.sleeping]).toEqual([11, 0]);
  stop();
});

test("where all turns are held the end ends the waiting too", async () => {
  const { clock, limiter, turns, take, stop } = start(1);
  await limiter.turn();
  take(3);
  await clock.advance(0);
  stop();
  await clock.advance(0);
  expect(turns).toHaveLength(3);
});
