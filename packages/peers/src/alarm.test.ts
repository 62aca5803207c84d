import { expect, test } from "vitest";
import { createAlarm } from "./alarm.ts";
import { systemWait } from "./wait.ts";

/** Far longer than a test runs. */
const long = 1_000_000;

test("a pause ends when its time is over, and says that nothing rang", async () => {
  expect(await createAlarm(systemWait).pause(1)).toBe(false);
});

test("a ring ends the pause", async () => {
  const alarm = createAlarm(systemWait);
  const pausing = alarm.pause(long);
  alarm.ring();
  expect(await pausing).toBe(true);
});

test("rings before a pause end the next one, and no other", async () => {
  const alarm = createAlarm(systemWait);
  alarm.ring();
  alarm.ring();
  expect(await alarm.pause(long)).toBe(true);
  expect(await alarm.pause(1)).toBe(false);
});
