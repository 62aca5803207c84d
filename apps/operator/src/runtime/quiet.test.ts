import { fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createQuiet } from "./quiet.ts";

const bounds = { quietMs: 5_000, mostMs: 20_000 };

/** Somebody who waits for quiet. */
function start() {
  const clock = fakeClock();
  const quiet = createQuiet(clock);
  const stop = new AbortController();
  const state = { isQuiet: false };
  void quiet.come(bounds, stop.signal).then(() => {
    state.isQuiet = true;
  });
  return { clock, quiet, stop, state };
}

test("it's quiet once nothing has happened for so long", async () => {
  const { clock, quiet, state } = start();
  await clock.advance(4_000);
  quiet.heard();
  await clock.advance(4_999);
  expect(state.isQuiet).toBe(false);
  await clock.advance(1);
  expect(state.isQuiet).toBe(true);
});

test("where something happens all the time it's waited for no longer than that", async () => {
  const { clock, quiet, state } = start();
  for (let second = 0; second < 19; second++) {
    await clock.advance(1_000);
    quiet.heard();
  }
  expect(state.isQuiet).toBe(false);
  await clock.advance(1_000);
  expect(state.isQuiet).toBe(true);
});

test("an abort ends the waiting", async () => {
  const { clock, stop, state } = start();
  await clock.advance(1_000);
  stop.abort();
  await clock.advance(0);
  expect(state.isQuiet).toBe(true);
});
