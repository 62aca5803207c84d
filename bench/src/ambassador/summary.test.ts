import { expect, test } from "vitest";
import { ratios, summarise } from "./summary.ts";

const rounds = [
  { p50: 10, p99: 30, throughput: 100 },
  { p50: 20, p99: 20, throughput: 50 },
  { p50: 30, p99: 10, throughput: 10 },
];

test("each figure is summarised over its rounds", () => {
  expect(summarise(rounds)).toEqual({
    p50: { median: 20, least: 10, most: 30 },
    p99: { median: 20, least: 10, most: 30 },
    throughput: { median: 50, least: 10, most: 100 },
  });
});

test("ratios are those of the same rounds, not of the medians", () => {
  const others = rounds.map(({ p50, p99, throughput }, index) => ({
    p50: p50 / (index + 1),
    p99: p99 * 2,
    throughput: throughput / 4,
  }));
  expect(ratios(rounds, others)).toEqual({
    p50: { median: 2, least: 1, most: 3 },
    p99: { median: 0.5, least: 0.5, most: 0.5 },
    throughput: { median: 4, least: 4, most: 4 },
  });
});
