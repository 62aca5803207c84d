import { expect, test } from "vitest";
import { latencies, summarise } from "./latency.ts";

const changes = [
  { value: 1, sentMs: 1000, answeredMs: 1010 },
  { value: 2, sentMs: 2000, answeredMs: 2010 },
];

test("a change took from its sending until it, or a later one, was seen", () => {
  expect(latencies(changes, [{ value: 2, atMs: 2300 }])).toEqual([1300, 300]);
});

test("a change that was never seen is no latency", () => {
  expect(() => latencies(changes, [{ value: 1, atMs: 1200 }])).toThrow("change 2 was never seen");
});

test("of latencies the median, the 99th percentile and the worst are told", () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(summarise(values)).toEqual({ count: 200, p50: 100, p99: 198, max: 200 });
});
