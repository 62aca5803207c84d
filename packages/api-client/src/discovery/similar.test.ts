import { expect, test } from "vitest";
import { isLike } from "./similar.ts";

test.each([
  ["pods", "pods", true],
  ["pods", "podz", true],
  ["pods", "pds", true],
  ["pods", "poods", true],
  ["pods", "bots", false],
  ["deployments", "deploymnets", true],
  ["deployments", "depl", true],
  ["deployments", "jobs", false],
  ["po", "p", false],
  ["", "abc", false],
])("%s may have been meant by %s: %s", (word, typed, like) => {
  expect(isLike(word, typed)).toBe(like);
});
