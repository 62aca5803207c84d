import { expect, test } from "vitest";
import { stable } from "./stable.ts";

test("what equals the last value is the last value, and what doesn't takes its place", () => {
  const same = stable<{ ca?: string }>();
  const first = { ca: "a" };
  expect(same(first)).toBe(first);
  expect(same({ ca: "a" })).toBe(first);
  const second = same({});
  expect(second).toEqual({});
  expect(same({})).toBe(second);
});
