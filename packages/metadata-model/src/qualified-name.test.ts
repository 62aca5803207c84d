import { expect, test } from "vitest";
import { isQualifiedName } from "./qualified-name.ts";

test.each(["app", "A", "a-b_c.d", "1", "example.com/app", "a/b", `${"a".repeat(253)}/${"b".repeat(63)}`])(
  "%s is a qualified name",
  (text) => {
    expect(isQualifiedName(text)).toBe(true);
  },
);

test.each([
  "",
  "/",
  "/app",
  "example.com/",
  "a/b/c",
  "-a",
  "a-",
  "a b",
  "é",
  "app\n",
  "Example.com/app",
  "a..b/c",
  "a".repeat(64),
  `${"a".repeat(254)}/b`,
])("%j is not a qualified name", (text) => {
  expect(isQualifiedName(text)).toBe(false);
});
