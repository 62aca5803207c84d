import { expect, test } from "vitest";
import { mirror, pod, worldOf } from "../testing/objects.ts";
import { peersOf } from "./peer.ts";

test.each([
  ["Running", {}, true],
  ["Running", { ready: false }, true],
  ["Running", { phase: "Pending" }, false],
  ["Running", { terminating: true }, false],
  ["Ready", {}, true],
  ["Ready", { ready: false }, false],
  ["Ready", { terminating: true }, false],
  ["All", { phase: "Pending", ready: false, node: "" }, true],
  ["All", { terminating: true }, true],
  ["All", { phase: "Succeeded" }, false],
  ["All", { phase: "Failed" }, false],
] as const)("%s: a pod that is %j is a peer: %s", (include, given, expected) => {
  expect(peersOf(mirror({ include }), worldOf({ pods: [pod(given)] }))).toHaveLength(expected ? 1 : 0);
});

test("peers are of the namespaces that are named, or else of the mirror's own", () => {
  const world = worldOf({ pods: [pod(), pod({ namespace: "b" })] });
  expect(peersOf(mirror(), world).map((peer) => peer.pod.namespace)).toEqual(["a"]);
  expect(peersOf(mirror({ namespaces: ["c"] }), world)).toEqual([]);
});

test("peers come by namespace and name", () => {
  const names = ["pod-2", "pod-10", "pod-1"];
  const world = worldOf({ pods: names.map((name) => pod({ name })) });
  expect(peersOf(mirror(), world).map((peer) => peer.pod.name)).toEqual(["pod-1", "pod-10", "pod-2"]);
});
