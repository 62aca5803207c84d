import { expect, test } from "vitest";
import { nodeMetadata } from "./node-metadata.ts";

test("a node is trimmed to its name and what it has for pods", () => {
  const node = {
    metadata: { name: "node-1", labels: { zone: "a" } },
    status: { capacity: { cpu: "4" }, allocatable: { cpu: "3800m", memory: "8Gi", pods: 110 } },
  };
  expect(nodeMetadata(node)).toEqual({ name: "node-1", allocatable: { cpu: "3800m", memory: "8Gi", pods: "110" } });
});

test("a node that hasn't reported yet has nothing", () => {
  expect(nodeMetadata({ metadata: { name: "node-1" } })).toEqual({ name: "node-1", allocatable: {} });
});

test("a node without a name is no node of an API server", () => {
  expect(() => nodeMetadata({ metadata: {} })).toThrow(TypeError);
  expect(() => nodeMetadata("node-1")).toThrow(TypeError);
});
