import fc from "fast-check";
import { expect, test } from "vitest";
import { pods } from "../test/arbitrary-world.ts";
import { pod } from "../test/objects.ts";
import { createInterner } from "./interner.ts";

const web = (name: string) => ({
  ...pod({ name, podIP: "10.0.0.7", podIPs: ["10.0.0.7", "fd00::7"] }),
  labels: { app: "web" },
  hostIPs: ["192.168.0.1"],
  containers: [{ name: "main", requests: { cpu: "1" }, limits: {} }],
});

test("a pod is as it was", () => {
  const interner = createInterner();
  fc.assert(
    fc.property(pods, (all) => {
      expect(all.map(interner.pod)).toEqual(all);
    }),
  );
});

test("pods share what they have in common, and keep what they have not", () => {
  const interner = createInterner();
  const [one, other] = [interner.pod(web("web-1")), interner.pod(web("web-2"))];
  expect(
    [other.labels, other.containers, other.hostIPs].map(
      (part, at) => part === [one.labels, one.containers, one.hostIPs][at],
    ),
  ).toEqual([true, true, true]);
  expect(other.name).toBe("web-2");
});

test("labels in another order are other labels, since their order is the pod's", () => {
  const interner = createInterner();
  const keys = (labels: Record<string, string>) => Object.keys(interner.pod(pod({ labels })).labels);
  expect([keys({ a: "1", b: "2" }), keys({ b: "2", a: "1" })]).toEqual([
    ["a", "b"],
    ["b", "a"],
  ]);
});

test("it remembers what many pods have, and begins anew rather than grow without end", () => {
  const interner = createInterner();
  const first = interner.pod(web("web-1")).labels;
  const others = (from: number, to: number) => {
    for (let at = from; at < to; at++) interner.pod(pod({ labels: { at: String(at) } }));
  };
  others(0, 19_000);
  expect(interner.pod(web("web-1")).labels).toBe(first);
  others(19_000, 25_000);
  expect(interner.pod(web("web-1")).labels).not.toBe(first);
});
