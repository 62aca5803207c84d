import { expect, test } from "vitest";
import { systemClock, systemRandom } from "./clock.ts";

test("the system's clock sleeps as long as it is told, and never wakes a moment early", async () => {
  for (const ms of [20, ...Array.from({ length: 40 }, (_, i) => 1 + i / 40 + 0.01)]) {
    const due = systemClock.monotonic() + ms;
    await systemClock.sleep(ms);
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(due);
  }
});

test("an aborted sleep resolves at once, and one after the abort too", async () => {
  const stopping = new AbortController();
  const sleeping = systemClock.sleep(60_000, stopping.signal);
  stopping.abort();
  await sleeping;
  await systemClock.sleep(60_000, stopping.signal);
});

test("now is of this century, chance is in [0, 1)", () => {
  expect(new Date(systemClock.now()).getFullYear()).toBeGreaterThan(2025);
  const chance = systemRandom();
  expect(chance >= 0 && chance < 1).toBe(true);
});
