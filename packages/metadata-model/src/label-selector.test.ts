import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labels, selector } from "../test/arbitrary-world.ts";
import { LabelSelector, labelMatcher, selectorKeys } from "./label-selector.ts";

describe("a selector matches", () => {
  test.each<[string, LabelSelector, Record<string, string>, boolean]>([
    ["{} selects every pod", {}, {}, true],
    ["a label with the value", { matchLabels: { app: "web" } }, { app: "web", tier: "x" }, true],
    ["not another value", { matchLabels: { app: "web" } }, { app: "db" }, false],
    ["not a missing label", { matchLabels: { app: "" } }, {}, false],
    ["an empty value by itself", { matchLabels: { app: "" } }, { app: "" }, true],
    ["all labels or nothing", { matchLabels: { app: "web", tier: "x" } }, { app: "web" }, false],
    [
      "In: one of the values",
      { matchExpressions: [{ key: "app", operator: "In", values: ["a", "b"] }] },
      { app: "b" },
      true,
    ],
    ["In: not a missing label", { matchExpressions: [{ key: "app", operator: "In", values: ["a"] }] }, {}, false],
    ["NotIn: a missing label", { matchExpressions: [{ key: "app", operator: "NotIn", values: ["a"] }] }, {}, true],
    [
      "NotIn: not a value given",
      { matchExpressions: [{ key: "app", operator: "NotIn", values: ["a"] }] },
      { app: "a" },
      false,
    ],
    ["Exists: an empty value too", { matchExpressions: [{ key: "app", operator: "Exists" }] }, { app: "" }, true],
    [
      "DoesNotExist: not an empty value",
      { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
      { app: "" },
      false,
    ],
    [
      "names of Object's own methods are labels as any",
      { matchExpressions: [{ key: "toString", operator: "Exists" }] },
      {},
      false,
    ],
    [
      "both kinds of requirement at once",
      { matchLabels: { app: "web" }, matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
      { app: "web", tier: "x" },
      false,
    ],
  ])("%s", (_, selected, of, expected) => {
    expect(labelMatcher(selected)(of)).toBe(expected);
  });

  test("as the documentation of Kubernetes reads", () => {
    fc.assert(fc.property(selector, labels, (selected, of) => labelMatcher(selected)(of) === naive(selected, of)));
  });
});

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
function naive({ matchLabels = {}, matchExpressions = [] }: LabelSelector, of: Record<string, string>): boolean {
  for (const [key, value] of Object.entries(matchLabels)) if (of[key] !== value) return false;
  for (const { key, operator, values = [] } of matchExpressions) {
    const present = Object.keys(of).includes(key);
    const listed = present && values.some((value) => value === of[key]);
    if (operator === "In" && !listed) return false;
    if (operator === "NotIn" && listed) return false;
    if (operator === "Exists" && !present) return false;
    if (operator === "DoesNotExist" && present) return false;
  }
  return true;
}

test("the keys of a selector are those of both kinds, each once, sorted", () => {
  const keys = selectorKeys({
    matchLabels: { tier: "x", app: "web" },
    matchExpressions: [
      { key: "zone", operator: "Exists" },
      { key: "app", operator: "NotIn", values: ["db"] },
    ],
  });
  expect(keys).toEqual(["app", "tier", "zone"]);
});

test("labels that are not in the selector don't change whether it matches", () => {
  fc.assert(
    fc.property(selector, labels, (selected, of) => {
      const seen = Object.fromEntries(Object.entries(of).filter(([key]) => selectorKeys(selected).includes(key)));
      expect(labelMatcher(selected)(seen)).toBe(labelMatcher(selected)(of));
    }),
  );
});

test.each([
  ["a value with a space", { matchLabels: { app: "a b" } }],
  ["a value of 64 characters", { matchLabels: { app: "a".repeat(64) } }],
  ["an operator of node selectors", { matchExpressions: [{ key: "app", operator: "Gt", values: ["1"] }] }],
  ["a requirement without a key", { matchExpressions: [{ operator: "Exists" }] }],
])("the schema refuses %s", (_, selected) => {
  expect(LabelSelector.safeParse(selected).success).toBe(false);
});
