import { expect, test } from "vitest";
import { openBusyTime, parseMachineTime } from "./machine-usage.ts";

test("what a processor does is work, but for idling and waiting for a disk", () => {
  const stat = "cpu  100 10 50 1000 40 5 5 30 7 0\ncpu0 50 5 25 500 20 2 2 15 3 0\nintr 1\n";
  expect(parseMachineTime(stat)).toEqual({ busy: 200, all: 1_240 });
});

test("what is no such text is an error", () => {
  expect(() => parseMachineTime("intr 1\n")).toThrow("no times of all processors");
});

test("of this machine it is a part of the time", async () => {
  const busy = await openBusyTime();
  const until = performance.now() + 100;
  while (performance.now() < until);
  const part = await busy();
  expect(part > 0 && part <= 1).toBe(true);
});
