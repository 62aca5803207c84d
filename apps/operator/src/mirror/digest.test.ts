import fc from "fast-check";
import { expect, test } from "vitest";
import { digest } from "./digest.ts";

test("a digest is the beginning of the text's SHA-256 in base64url", () => {
  // printf '' | sha256sum, and so on
  expect(digest("")).toBe("47DEQpj8HBSa-_TImW-5JC");
  expect(digest("10.0.0.1")).toHaveLength(22);
});

test("texts that differ have digests that differ, and equal ones the same", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      (a, b) => (digest(a) === digest(b)) === (a === b),
    ),
  );
});
