import { expect, test } from "vitest";
import { arrival, parseSighting } from "./sighting.ts";

const sightings = [
  { value: 1, atMs: 100 },
  { value: 3, atMs: 250 },
  { value: 4, atMs: 300 },
];

test("a value has arrived when it was first seen", () => {
  expect(arrival(sightings, 1)).toBe(100);
  expect(arrival(sightings, 4)).toBe(300);
});

test("a value that was overtaken has arrived with the one that overtook it", () => {
  expect(arrival(sightings, 2)).toBe(250);
});

test("a value that was never reached has not arrived", () => {
  expect(arrival(sightings, 5)).toBeUndefined();
});

test("a line has the time and the value", () => {
  expect(parseSighting("1795569824042 17\n")).toEqual({ value: 17, atMs: 1795569824042 });
  expect(parseSighting("1795569824042 ")).toBeUndefined();
  expect(parseSighting("node:internal/modules 3")).toBeUndefined();
});
