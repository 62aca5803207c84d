import { expect, test } from "vitest";
import { recoveryMs } from "./recovery.ts";

test("where nothing was wrong, all is right in 5 s", () => {
  expect(recoveryMs([])).toBe(5_000);
});

test("where a Lease may have been lost, its time is waited for too, once", () => {
  const pause = { type: "pause", replica: 0, ms: 100 } as const;
  expect(recoveryMs([pause])).toBe(22_000);
  expect(recoveryMs([pause, pause])).toBe(22_000);
});
