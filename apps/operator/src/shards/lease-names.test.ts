import { expect, test } from "vitest";
import { identityOf } from "./lease-names.ts";

test.each([
  ["metadata-mirror-7d4b9c-x2x7p", "metadata-mirror-7d4b9c-x2x7p"],
  ["Anna's Laptop_2.local", "anna-s-laptop-2.local"],
  ["-.odd.-", "odd"],
  ["***", "operator"],
  ["x".repeat(70), "x".repeat(63)],
])("a replica named %j is %j in Leases", (name, identity) => {
  expect(identityOf(name)).toBe(identity);
});
