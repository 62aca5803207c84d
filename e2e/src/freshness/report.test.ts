import { expect, test } from "vitest";
import type { FreshnessResult } from "./freshness.ts";
import { describe, missed, plot } from "./report.ts";

const result: FreshnessResult = {
  machine: "kind",
  seed: 1,
  answer: [5, 6],
  configMap: [10, 20],
  immediate: Array.from({ length: 100 }, (_, index) => 901 + index),
  burst: [],
  kubeletSync: [61_234.5],
};

test("the table has a row for each sample that there is", () => {
  expect(describe(result).split("\n").slice(2)).toEqual([
    "| change → its answer from the API server | 5 | 6 | 6 | 2 |",
    "| change → ConfigMap | 10 | 20 | 20 | 2 |",
    "| change → file, `Immediate`, 1.0 to 2.5 s apart | 950 | 999 | 1,000 | 100 |",
    "| change → file, `KubeletSync` | 61,235 | 61,235 | 61,235 | 1 |",
    "",
    "On kind.",
  ]);
});

test("the goal is met at a p99 of a second, and missed past it", () => {
  const met = result.immediate.map((ms) => ms + 1);
  expect(missed({ ...result, immediate: met })).toBeUndefined();
  const past = met.map((ms) => ms + 1);
  expect(missed({ ...result, immediate: past })).toBe(
    "p99 of change → file with Immediate is 1,001 ms, not 1000 or less",
  );
});

test("the plot has a line for each sample that there is", () => {
  const svg = plot(result);
  expect(svg).toContain(">Immediate (100)<");
  expect(svg).toContain(">KubeletSync (1)<");
  expect(svg).not.toContain("quick");
});
