import { expect, test } from "vitest";
import { dnsLabel } from "./names.ts";

test.each(["a", "0", "shop-eu", "a".repeat(63)])("%s is the name of a namespace or a container", (name) => {
  expect(dnsLabel.safeParse(name).success).toBe(true);
});

test.each(["", "-a", "a-", "a.b", "a_b", "A", "a\n", "a".repeat(64)])("%j is none", (name) => {
  expect(dnsLabel.safeParse(name).success).toBe(false);
});
