import { expect, test } from "vitest";
import { lastLine, stepLines } from "./transcript.ts";

test("a step that went right is a line", () => {
  expect(stepLines(3, "web-2 comes", { ms: 5.26, faults: [] })).toEqual(["  3  right     5.3 ms  web-2 comes"]);
});

test("a step that went wrong is followed by what was wrong, the first eight of it", () => {
  const faults = Array.from({ length: 10 }, (_, index) => `fault ${index}`);
  const lines = stepLines(12, "web-2 comes", { ms: 10_000, faults });
  expect(lines).toHaveLength(10);
  expect(lines.slice(0, 2)).toEqual([" 12  wrong   10000 ms  web-2 comes", "       fault 0"]);
  expect(lines.at(-1)).toBe("       … and 2 more");
});

test("the last line is ok where all went right", () => {
  expect(lastLine({ latencies: [4, 100, 6], failed: 0 })).toBe("demo: ok, 3 changes mirrored, p50 6.0 ms");
});

test("the last line is failed where one step went wrong", () => {
  expect(lastLine({ latencies: [4], failed: 1 })).toBe(
    "demo: failed, 1 of 2 changes went wrong; 1 change mirrored, p50 4.0 ms",
  );
  expect(lastLine({ latencies: [], failed: 1 })).toBe("demo: failed, 1 of 1 changes went wrong; 0 changes mirrored");
});
