import fc from "fast-check";
import { expect, test } from "vitest";
import { type NodeMetadata, nodeMetadata } from "../src/node-metadata.ts";
import { type PodMetadata, podMetadata } from "../src/pod-metadata.ts";
import { isProblem } from "../src/problem.ts";
import { milliUnits, parseQuantity, wholeUnits } from "../src/quantity.ts";
import { cpuDivisors, resourceText, wholeDivisors } from "../src/resource-field.ts";
import { resourceCase } from "./arbitraries.ts";
import { outcome, runs, useOracle } from "./oracle.ts";

const ask = useOracle();

test("any resource of any container is what a volume shows, or equally refused", async () => {
  await fc.assert(
    fc.asyncProperty(resourceCase, async ({ pod: raw, allocatable, containerName, field }) => {
      const { resource, divisor } = field;
      const pod = podMetadata(raw);
      const node = nodeMetadata({ metadata: { name: "node-1" }, status: { allocatable } });
      const ref = divisor === undefined ? { containerName, resource } : { containerName, resource, divisor };
      const projected = resourceText(ref, pod, node);
      const answer = await ask({ op: "resource", pod: raw, allocatable, ...ref });
      if ("value" in projected) expect(projected).toEqual(outcome(answer));
      else if (projected.problem.reason !== "Overflow") expect(outcome(answer)).toBe("error");
      else expect(couldOverflow(pod, node, resource)).toBe(true);
    }),
    { numRuns: 2 * runs.numRuns },
  );
});

/** Whether some quantity of the pod or of its node for `resource` is too great for the kubelet's arithmetic. */
function couldOverflow({ containers }: PodMetadata, { allocatable }: NodeMetadata, resource: string): boolean {
  const name = resource.slice(resource.indexOf(".") + 1);
  const units = name === "cpu" ? milliUnits : wholeUnits;
  const maps = [allocatable, ...containers.flatMap(({ requests, limits }) => [requests, limits])];
  return maps.some((map) => {
    const quantity = parseQuantity(map[name] ?? "0");
    const amount = isProblem(quantity) ? 0n : units(quantity);
    return isProblem(amount) || Number(amount) >= 2 ** 63;
  });
}

test("the intended difference: past int64 Kubernetes shows a wrong number, and we a problem", async () => {
  const requests = { cpu: "1e16", memory: "9223372036854775807", "ephemeral-storage": "1e300" };
  const pod = {
    metadata: { namespace: "shop", name: "web-1", uid: "0d7c" },
    spec: { containers: [{ name: "main", resources: { requests } }] },
  };
  // 2^63 as an int64 depends on the processor
  const wrong = { cpu: /^0$/, memory: /^(-9223372036854775808|9223372036854775807)$/, "ephemeral-storage": /^0$/ };
  for (const [name, value] of Object.entries(wrong)) {
    const ref = { containerName: "main", resource: `requests.${name}` };
    expect((await ask({ op: "resource", pod, ...ref })).value).toMatch(value);
    expect(resourceText(ref, podMetadata(pod), undefined)).toMatchObject({ problem: { reason: "Overflow" } });
  }
});

const pod = podMetadata({
  metadata: { namespace: "shop", name: "web-1", uid: "0d7c" },
  spec: { containers: [{ name: "main" }] },
});
const accepts = (resource: string, divisor: string | number) =>
  "value" in resourceText({ containerName: "main", resource, divisor }, pod, undefined);

test("the resources and divisors are what Kubernetes accepts", async () => {
  const names = ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "hugepages-", "storage", "nvidia.com/gpu", ""];
  const resources = ["cpu", ...names.flatMap((name) => [`requests.${name}`, `limits.${name}`])];
  const others = [0, "0", 1, 2, 10, "1n", "1u", "10m", "2k", "1e3", "1024", "2Ki", "-1"];
  const pairs = resources.flatMap((resource) =>
    [...others, ...cpuDivisors, ...wholeDivisors].map((divisor) => ({ resource, divisor })),
  );
  const answers = await Promise.all(pairs.map((pair) => ask({ op: "accepted", ...pair })));
  expect(pairs.filter(({ resource, divisor }) => accepts(resource, divisor))).toEqual(
    pairs.filter((_, index) => answers[index]?.error === undefined),
  );
});

test("the intended difference: a divisor must be spelled as in the list, not only be worth it", async () => {
  const spelled = [
    { resource: "requests.memory", divisor: 1000 },
    { resource: "requests.memory", divisor: "1024Ki" },
    { resource: "requests.cpu", divisor: "1000m" },
  ];
  for (const pair of spelled) {
    expect(await ask({ op: "accepted", ...pair })).toEqual({ value: "" });
    expect(accepts(pair.resource, pair.divisor)).toBe(false);
  }
});
