import { fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createRecent } from "./recent.ts";

test("it tells how long ago something last happened, until that doesn't matter", async () => {
  const clock = fakeClock();
  const recent = createRecent(clock, 100);
  expect(recent.since("a")).toBeUndefined();
  recent.note("a");
  expect(recent.since("a")).toBe(0);
  await clock.advance(60);
  recent.note("b");
  recent.note("a");
  await clock.advance(99);
  expect([recent.since("a"), recent.since("b"), recent.since("c")]).toEqual([99, 99, undefined]);
  await clock.advance(1);
  expect([recent.since("a"), recent.since("b")]).toEqual([undefined, undefined]);
  recent.note("b");
  expect([recent.since("a"), recent.since("b")]).toEqual([undefined, 0]);
});
