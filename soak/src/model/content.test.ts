import { expect, test } from "vitest";
import { grant, mirror, pod, worldOf } from "../testing/objects.ts";
import { itemNames } from "../world/item.ts";
import { canonical, contentOf, numbered } from "./content.ts";

const one = pod({ labels: { zone: "a", app: "web" } });
const world = worldOf({
  pods: [one, pod({ namespace: "b", ip: "" })],
  grants: [grant({ fields: ["metadata.name", "metadata.namespace", "status.phase", "status.podIP", "status.podIPs"] })],
});

test("Files have a key for each item, as a downwardAPI volume would hold it", () => {
  const { Files } = contentOf(mirror({ items: itemNames }), world);
  expect(Object.fromEntries(Files)).toEqual({
    "pod-0_podName": "pod-0",
    "pod-0_namespace": "a",
    "pod-0_podIP": "10.0.0.1",
    "pod-0_labels": 'app="web"\nzone="a"',
    "pod-0_tier": "",
    "pod-0_note": "noted",
    "pod-0_phase": "Running",
    "pod-0_ready": "True",
    "pod-0_node": "node-0",
    "pod-0_cpu": "100",
    "pod-0_cpuLimit": "4",
  });
});

test("files of peers of another namespace begin with that, and are those that are granted", () => {
  const { Files } = contentOf(mirror({ namespaces: ["b"], items: ["podName", "node"] }), world);
  expect(Object.fromEntries(Files)).toEqual({ "b__pod-0_podName": "pod-0" });
});

test("an unset limit is what the node has, and nothing without a node", () => {
  const limits = [pod({ name: "set", cpuLimit: 2 }), pod({ name: "none", node: "", phase: "Running" })];
  const { Files } = contentOf(mirror({ items: ["cpuLimit"] }), worldOf({ pods: limits }));
  expect(Object.fromEntries(Files)).toEqual({ set_cpuLimit: "2", none_cpuLimit: "" });
});

test("JSON has objects, in which maps are objects and resources numbers", () => {
  const { JSON: parts } = contentOf(mirror({ formats: ["JSON"], items: ["labels", "cpu", "podIP"] }), world);
  expect([...parts.keys()].map((text) => JSON.parse(text) as unknown)).toEqual([
    { labels: { app: "web", zone: "a" }, cpu: 100, podIP: "10.0.0.1" },
  ]);
});

test("Hosts and PrometheusFileSD have the peers with an IP alone", () => {
  const formats = ["Hosts", "PrometheusFileSD"] as const;
  const { Hosts, PrometheusFileSD } = contentOf(mirror({ formats, namespaces: ["a", "b"], items: ["labels"] }), world);
  expect([...Hosts.keys()]).toEqual(["10.0.0.1 pod-0", "10.0.0.1 pod-0.a"]);
  expect([...PrometheusFileSD.keys()].map((text) => JSON.parse(text) as unknown)).toEqual([
    {
      targets: ["10.0.0.1:9090"],
      labels: { __meta_metadatamirror_labels_app: "web", __meta_metadatamirror_labels_zone: "a" },
    },
  ]);
});

test("the template has a line for each peer, with nothing in place of what it doesn't have", () => {
  const spec = mirror({ formats: ["Template"], namespaces: ["a", "b"], items: ["podName"] });
  expect(contentOf(spec, world).Template).toEqual(new Map([["lines.txt", "pod-0||\npod-0||\n"]]));
});

test("a format that the mirror doesn't have is empty, and so is the content of a mirror without peers", () => {
  expect(contentOf(mirror(), world).JSON.size).toBe(0);
  expect(
    contentOf(mirror({ include: "Ready", selector: [{ key: "x", operator: "Exists", values: [] }] }), world).Files.size,
  ).toBe(0);
});

test("equal values have equal texts, and equal texts are told apart by their number", () => {
  expect(canonical({ b: 1, a: { d: 1, c: [2, 1] } })).toBe(canonical({ a: { c: [2, 1], d: 1 }, b: 1 }));
  expect([...numbered(["x", "y", "x"]).keys()]).toEqual(["x", "y", "x (2)"]);
});
