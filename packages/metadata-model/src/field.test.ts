import { describe, expect, test } from "vitest";
import { mirror } from "../test/objects.ts";
import { itemField, selectionFields, shownFields } from "./field.ts";

test("an item reads its field path or its resource", () => {
  expect(itemField({ path: "ip", fieldRef: { fieldPath: "status.podIP" } })).toBe("status.podIP");
  const resourceFieldRef = { containerName: "main", resource: "limits.cpu", divisor: "1m" };
  expect(itemField({ path: "cpu", resourceFieldRef })).toBe("limits.cpu");
});

describe("by which pods it gets, a mirror learns about", () => {
  test.each([
    ["Ready" as const, ["status.conditions['Ready']"]],
    ["Running" as const, ["status.phase"]],
    ["All" as const, []],
  ])("its filter: %s", (include, fields) => {
    expect(selectionFields(mirror({ peers: { selector: {}, include } }).spec)).toEqual(fields);
  });

  test("each label that it selects by, of whichever operator", () => {
    const selector = {
      matchLabels: { tier: "x" },
      matchExpressions: [{ key: "example.com/secret", operator: "DoesNotExist" as const }],
    };
    expect(selectionFields(mirror({ peers: { selector, include: "All" } }).spec)).toEqual([
      "metadata.labels['example.com/secret']",
      "metadata.labels['tier']",
    ]);
  });
});

test.each([
  ["Files" as const, ["metadata.name"]],
  ["Env" as const, ["metadata.name"]],
  ["JSON" as const, []],
  ["Hosts" as const, ["metadata.name", "metadata.namespace", "status.podIP", "status.podIPs"]],
  ["PrometheusFileSD" as const, ["status.podIP"]],
  ["Template" as const, []],
])("%s shows by itself %j", (type, fields) => {
  expect(shownFields({ type })).toEqual(fields);
});
