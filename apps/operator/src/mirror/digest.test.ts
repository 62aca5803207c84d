import fc from "fast-check";
import { expect, test } from "vitest";
import { digest } from "./digest.ts";

test("a digest is the beginning of the text's SHA-256 in base64url", () => {
  expect(digest("")).toBe("47DEQpj8HBSa-_TImW-5JC");
});

test("a digest of any text is 22 characters that a label or an annotation takes", () => {
  fc.assert(fc.property(fc.string(), (text) => /^[\w-]{22}$/.test(digest(text))));
});
