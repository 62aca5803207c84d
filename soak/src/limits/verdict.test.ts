import { expect, test } from "vitest";
import type { Heap } from "./heap.ts";
import { faultsOf, slopeOf, type Still } from "./verdict.ts";

const heap = (heapUsed: number, external = 0): Heap => ({ heapUsed, external, rss: 0 });
const still = (heapUsed: number, external = 0, pods = 10): Still => ({
  heap: heap(heapUsed, external),
  objects: { mirrors: 2, pods, configMaps: 2 },
});

test.each([
  ["the same", still(1_000), []],
  ["9 % more", still(1_090), []],
  ["9 % less", still(910), []],
  ["11 % more", still(1_110), ["the heap is another by 11.0 %: it may be by 10 %"]],
  ["11 % less", still(890), ["the heap is another by -11.0 %: it may be by 10 %"]],
  ["11 % more outside of JavaScript's heap", still(1_000, 110), ["the heap is another by 11.0 %: it may be by 10 %"]],
  ["other objects", still(1_000, 0, 11), ["pods: 11 after, 10 before, so that the heaps can't be compared"]],
])("a heap that is %s", (_, after, faults) => {
  expect(faultsOf(still(1_000), after, 1, 1_000)).toEqual(faults);
});

test("what stays of each thing that went is told of where it's too much, though it is little in all", () => {
  expect(faultsOf(still(100_000), still(101_000), 10, 100)).toEqual([]);
  expect(faultsOf(still(100_000), still(101_010), 10, 100)).toEqual([
    "of each of 10 things that went 101 bytes stay: 100 may",
  ]);
});

test("the slope is in bytes a minute", () => {
  const at = (seconds: number, bytes: number) => ({ seconds, heap: heap(bytes) });
  expect(slopeOf([at(30, 1_000), at(60, 1_050), at(90, 1_100)])).toBeCloseTo(100);
  expect(slopeOf([at(30, 1_000), at(60, 1_100), at(90, 1_000)])).toBeCloseTo(0);
  expect(slopeOf([at(30, 1_000)])).toBe(0);
});
