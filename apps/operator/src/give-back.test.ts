import { expect, test } from "vitest";
import { giveBack } from "./give-back.ts";

test("what the heap holds no more is the system's again", () => {
  let held: unknown[] | undefined = Array.from({ length: 400_000 }, (_, index) => ({ index, name: `pod-${index}` }));
  const before = process.memoryUsage().heapTotal;
  expect(held.length).toBe(400_000);
  held = undefined;
  giveBack();
  expect(before - process.memoryUsage().heapTotal).toBeGreaterThan(20_000_000);
});
