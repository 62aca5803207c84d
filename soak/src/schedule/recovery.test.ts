import { expect, test } from "vitest";
import { recoveryMs } from "./recovery.ts";

test("where nothing was wrong, all is right in 15 s: 5, and 10 for what was refused, since somebody's ConfigMap was in the way", () => {
  expect(recoveryMs([])).toBe(15_000);
});

test("where a Lease may have been lost, its time is waited for too, once", () => {
  const pause = { type: "pause", replica: 0, ms: 100 } as const;
  expect(recoveryMs([pause])).toBe(32_000);
  expect(recoveryMs([pause, pause])).toBe(32_000);
});

test("where a line went silent, it's waited for that to be noticed", () => {
  const line = { type: "line", replica: 0, where: {}, ms: 100 } as const;
  expect(recoveryMs([{ ...line, fault: { type: "half-open" } }])).toBe(165_000);
  expect(recoveryMs([{ ...line, fault: { type: "cut" } }])).toBe(32_000);
});
