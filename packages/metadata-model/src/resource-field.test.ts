import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NodeKnowledge } from "./node-metadata.ts";
import { podMetadata } from "./pod-metadata.ts";
import { cpuDivisors, type ResourceFieldRef, resourceText, usesNode, wholeDivisors } from "./resource-field.ts";

function podWith(resources: object, nodeName = "node-1") {
  return podMetadata({
    metadata: { namespace: "shop", name: "web-1", uid: "0d7c" },
    spec: {
      nodeName,
      containers: [{ name: "main", resources }, { name: "side" }],
      initContainers: [{ name: "setup", resources: { requests: { cpu: "10m" } } }],
    },
  });
}

const node: NodeKnowledge = { name: "node-1", allocatable: { cpu: "3800m", memory: "8Gi", "hugepages-2Mi": "1Gi" } };

const main = (resource: string, divisor?: string | number): ResourceFieldRef =>
  divisor === undefined ? { containerName: "main", resource } : { containerName: "main", resource, divisor };

const value = (ref: ResourceFieldRef, resources: object) => resourceText(ref, podWith(resources), node);
const valueOn = (on: NodeKnowledge, ref: ResourceFieldRef, resources: object) =>
  resourceText(ref, podWith(resources), on);

describe("a resource is divided and rounded up", () => {
  test.each<[string, string, string | number | undefined, string]>([
    ["requests.cpu", "250m", undefined, "1"],
    ["requests.cpu", "250m", "1m", "250"],
    ["requests.cpu", "1", "1m", "1000"],
    ["requests.cpu", "1001m", 1, "2"],
    ["requests.cpu", "100u", "1m", "1"],
    ["limits.cpu", "2", "0", "2"],
    ["requests.memory", "64Mi", "1Mi", "64"],
    ["requests.memory", "64Mi", "1M", "68"],
    ["requests.memory", "1500m", 0, "2"],
    ["limits.memory", "1Gi", "", "1073741824"],
    ["limits.memory", "1", "1Ei", "1"],
    ["requests.ephemeral-storage", "10G", "1Gi", "10"],
    ["requests.hugepages-2Mi", "4Mi", "1Ki", "4096"],
    ["limits.hugepages-1Gi", "2Gi", "1Gi", "2"],
  ])("%s %s by %j is %s", (resource, quantity, divisor, expected) => {
    const [kind = "", name = ""] = resource.split(/\.(.*)/s);
    expect(value(main(resource, divisor), { [kind]: { [name]: quantity } })).toEqual({ value: expected });
  });

  test("a number past 2^53 is rounded as the kubelet's floats do it", () => {
    expect(value(main("requests.memory"), { requests: { memory: "9007199254740993" } })).toEqual({
      value: "9007199254740992",
    });
  });

  test("an init container is found too", () => {
    const ref = { containerName: "setup", resource: "requests.cpu", divisor: "1m" };
    expect(resourceText(ref, podWith({}), node)).toEqual({ value: "10" });
  });

  test("a request that isn't set is 0", () => {
    expect(value(main("requests.cpu"), {})).toEqual({ value: "0" });
  });
});

describe("a limit that isn't set", () => {
  test("is the node's allocatable, also where it's zero", () => {
    expect(value(main("limits.cpu", "1m"), {})).toEqual({ value: "3800" });
    expect(value(main("limits.memory", "1Gi"), { limits: { memory: "0Ki" } })).toEqual({ value: "8" });
  });

  test("is 0 where the node has none", () => {
    expect(value(main("limits.ephemeral-storage"), {})).toEqual({ value: "0" });
  });

  test("of hugepages is 0, whatever the node has", () => {
    expect(valueOn("forbidden", main("limits.hugepages-2Mi"), {})).toEqual({ value: "0" });
  });

  test("is empty while the pod has no node", () => {
    expect(resourceText(main("limits.cpu"), podWith({}, ""), undefined)).toEqual({ value: "" });
  });

  test("is a problem while the node isn't known, and where it can't be read", () => {
    expect(valueOn(undefined, main("limits.cpu"), {})).toEqual({
      problem: {
        reason: "NodeUnknown",
        message:
          'limits.cpu of container "main": it is not set, so it is what node "node-1" has, which is not known yet',
      },
    });
    expect(valueOn("forbidden", main("limits.cpu"), {})).toMatchObject({
      problem: { reason: "NodeUnknown", message: expect.stringContaining("let the operator read nodes") },
    });
  });

  test("is no problem where it is set", () => {
    expect(valueOn("forbidden", main("limits.cpu"), { limits: { cpu: "2" } })).toEqual({ value: "2" });
  });
});

test("what may depend on the node is known without a pod", () => {
  const resources = ["limits.cpu", "limits.memory", "limits.ephemeral-storage"];
  expect(resources.filter((resource) => usesNode(main(resource)))).toEqual(resources);
  const others = ["requests.cpu", "requests.memory", "limits.hugepages-2Mi", "limits.gpu", ""];
  expect(others.filter((resource) => usesNode(main(resource)))).toEqual([]);
});

describe("what can't be told is a problem", () => {
  const set = { requests: { cpu: "lots", memory: "10E", "ephemeral-storage": "9223372036854775807" } };
  test.each<[string, ResourceFieldRef, string]>([
    ["a resource that has no field", main("limits.nvidia.com/gpu"), "UnsupportedField"],
    ["a part of a resource's name", main("cpu"), "UnsupportedField"],
    ["a divisor of another resource", main("requests.cpu", "1Ki"), "InvalidDivisor"],
    ["a divisor of cpu", main("requests.memory", "1m"), "InvalidDivisor"],
    ["a divisor off the list", main("requests.memory", 1024), "InvalidDivisor"],
    ["a divisor that every object seems to have", main("requests.memory", "toString"), "InvalidDivisor"],
    ["a container that isn't there", { containerName: "ghost", resource: "requests.cpu" }, "UnknownContainer"],
    ["a text that is no quantity", main("requests.cpu"), "InvalidQuantity"],
    ["a quantity past int64", main("requests.memory", "1Ei"), "Overflow"],
    ["a result past int64", main("requests.ephemeral-storage"), "Overflow"],
  ])("%s", (_, ref, reason) => {
    const message = expect.stringContaining(`${ref.resource} of container "${ref.containerName}": `);
    expect(value(ref, set)).toEqual({ problem: { reason, message } });
  });

  test("an allocatable that is no quantity", () => {
    const odd = { name: "node-1", allocatable: { cpu: "many" } };
    expect(valueOn(odd, main("limits.cpu"), {})).toMatchObject({ problem: { reason: "InvalidQuantity" } });
  });

  test("an unknown container's message names those that there are", () => {
    const ref = { containerName: "ghost", resource: "requests.cpu" };
    expect(value(ref, {})).toMatchObject({ problem: { message: expect.stringContaining("main, side, setup") } });
  });
});

test("the property: by every divisor of the list, the result is the least number that holds the resource", () => {
  const read = (memory: string, divisor: string) => {
    const projected = value(main("requests.memory", divisor), { requests: { memory } });
    return BigInt("value" in projected ? projected.value : -1);
  };
  fc.assert(
    fc.property(fc.constantFrom(...wholeDivisors), fc.bigInt({ min: 0n, max: 2n ** 53n }), (divisor, memory) => {
      const unit = read(divisor, "1");
      const result = read(String(memory), divisor);
      expect(result * unit).toBeGreaterThanOrEqual(memory);
      expect((result - 1n) * unit).toBeLessThan(memory);
    }),
    { numRuns: 1000 },
  );
  expect(cpuDivisors.toSorted()).toEqual(["1", "1m"]);
});
