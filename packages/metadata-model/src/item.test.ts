import { describe, expect, test } from "vitest";
import { Item, resourceName } from "./item.ts";

const fieldRef = { fieldPath: "status.podIP" };

describe("the path of an item", () => {
  test.each(["podIP", "0", "cpu_limit", "a.b-c_D", "a".repeat(128)])("may be %s", (path) => {
    expect(Item.parse({ path, fieldRef }).path).toBe(path);
  });

  test.each(["", "_podIP", "-a", ".a", "..", "a/b", "a b", "ä", "a\n", "a".repeat(129)])("may not be %j", (path) => {
    expect(Item.safeParse({ path, fieldRef }).success).toBe(false);
  });
});

describe("a resource", () => {
  test.each([
    "requests.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "requests.hugepages-2Mi",
    "limits.hugepages-1048576",
  ])("may be %s", (resource) => {
    expect(resourceName.safeParse(resource).success).toBe(true);
  });

  test.each(["cpu", "requests.", "request.cpu", "limits.nvidia.com/gpu", "limits.hugepages-", "limits.cpu "])(
    "may not be %s",
    (resource) => {
      expect(resourceName.safeParse(resource).success).toBe(false);
    },
  );
});

test("an item of a downwardAPI volume, as people paste it from a live pod, is an item", () => {
  const pasted = { path: "podIP", fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } };
  expect(Item.parse(pasted)).toEqual(pasted);
});

test("a divisor may be a number, as people write it, and is 0 by default", () => {
  const resourceFieldRef = { containerName: "main", resource: "limits.cpu" };
  expect(Item.parse({ path: "cpu", resourceFieldRef }).resourceFieldRef?.divisor).toBe("0");
  expect(Item.parse({ path: "cpu", resourceFieldRef: { ...resourceFieldRef, divisor: 1 } }).resourceFieldRef).toEqual({
    ...resourceFieldRef,
    divisor: 1,
  });
});
