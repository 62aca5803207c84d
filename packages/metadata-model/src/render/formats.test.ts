import { expect, test } from "vitest";
import { aggregateOf, isSupported } from "./formats.ts";

test.each([
  ["Files" as const, true, undefined],
  ["JSON" as const, true, "peers"],
  ["Hosts" as const, false, undefined],
  ["PrometheusFileSD" as const, false, undefined],
  ["Template" as const, false, undefined],
])("%s can be written: %s, to the aggregate key %s", (type, supported, key) => {
  const format = type === "Files" ? { type } : { type, key: "peers" };
  expect(isSupported(format)).toBe(supported);
  expect(aggregateOf(format)?.key).toBe(key);
});
