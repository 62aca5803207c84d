import { expect, test } from "vitest";
import { labelSelector, matches, type Requirement } from "./selector.ts";

const is = (operator: Requirement["operator"], ...values: string[]): Requirement => ({ key: "app", operator, values });

test.each([
  [is("In", "web"), { app: "web" }, true],
  [is("In", "web", "db"), { app: "db" }, true],
  [is("In", "web"), { app: "db" }, false],
  [is("In", "web"), {}, false],
  [is("NotIn", "web"), { app: "db" }, true],
  [is("NotIn", "web"), { app: "web" }, false],
  [is("NotIn", "web"), {}, true],
  [is("Exists"), { app: "" }, true],
  [is("Exists"), {}, false],
  [is("DoesNotExist"), {}, true],
  [is("DoesNotExist"), { app: "web" }, false],
])("%j and the labels %j: %s", (requirement, labels, expected) => {
  expect(matches([requirement], labels)).toBe(expected);
});

test("all requirements must hold, and none at all is met by every pod", () => {
  const both = [is("Exists"), { key: "tier", operator: "Exists", values: [] } as const];
  expect(matches(both, { app: "web" })).toBe(false);
  expect(matches([], {})).toBe(true);
});

test("it is sent as people write it", () => {
  const selector = [is("In", "web"), { key: "tier", operator: "NotIn", values: ["a", "b"] } as const];
  expect(labelSelector(selector)).toEqual({
    matchLabels: { app: "web" },
    matchExpressions: [{ key: "tier", operator: "NotIn", values: ["a", "b"] }],
  });
  expect(labelSelector([is("Exists")])).toEqual({ matchExpressions: [{ key: "app", operator: "Exists" }] });
  expect(labelSelector([])).toEqual({});
});
