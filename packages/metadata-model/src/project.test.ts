import { describe, expect, test } from "vitest";
import { pod } from "../test/objects.ts";
import type { Permit } from "./authorize.ts";
import type { Item } from "./item.ts";
import type { NodeKnowledge } from "./node-metadata.ts";
import type { PodMetadata } from "./pod-metadata.ts";
import { projector } from "./project.ts";

const field = (path: string, fieldPath: string): Item => ({ path, fieldRef: { fieldPath } });
const resource = (path: string, of: string): Item => ({
  path,
  resourceFieldRef: { containerName: "main", resource: of, divisor: "1m" },
});
const all = (items: readonly Item[]): Permit => ({
  id: "*",
  paths: new Set(items.map(({ path }) => path)),
  named: true,
  own: true,
});

function project(item: Item, fields: Partial<PodMetadata>, node?: NodeKnowledge) {
  const { items, problems } = projector([item])(pod(fields), node, all([item]));
  return items[0] ?? problems[0];
}

describe("an item of a peer is the bytes of its file, and a JSON text", () => {
  test.each<[string, Item, Partial<PodMetadata>, string, string]>([
    ["a string", field("x", "status.podIP"), { podIP: "10.0.0.1" }, "10.0.0.1", '"10.0.0.1"'],
    ["a string that isn't there", field("x", "status.podIP"), { podIP: "" }, "", '""'],
    ["a list", field("x", "status.podIPs"), { podIPs: ["10.0.0.1", "::1"] }, "10.0.0.1,::1", '["10.0.0.1","::1"]'],
    ["an empty list", field("x", "status.podIPs"), { podIPs: [] }, "", "[]"],
    [
      "a map",
      field("x", "metadata.labels"),
      { labels: { b: "\x7f", a: "1" } },
      'a="1"\nb="\\x7f"',
      '{"a":"1","b":"\x7f"}',
    ],
    ["an empty map", field("x", "metadata.labels"), { labels: {} }, "", "{}"],
    ["a missing label", field("x", "metadata.labels['a']"), {}, "", '""'],
    [
      "a resource",
      resource("x", "requests.cpu"),
      { containers: [{ name: "main", requests: { cpu: "250m" }, limits: {} }] },
      "250",
      "250",
    ],
    [
      "a limit that depends on the node that the pod doesn't have yet",
      resource("x", "limits.cpu"),
      { nodeName: "", containers: [{ name: "main", requests: {}, limits: {} }] },
      "",
      '""',
    ],
  ])("%s", (_, item, fields, text, json) => {
    expect(project(item, fields)).toEqual({ path: "x", text, json });
  });

  test("a limit that isn't set is what the pod's node has", () => {
    const containers = [{ name: "main", requests: {}, limits: {} }];
    const node = { name: "node-1", allocatable: { cpu: "4" } };
    expect(project(resource("x", "limits.cpu"), { containers }, node)).toEqual({
      path: "x",
      text: "4000",
      json: "4000",
    });
  });
});

test("pods that share their labels show the same, and others their own", () => {
  const project = projector([{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }]);
  const labels = { app: "web" };
  const shown = [pod({ labels }), pod({ labels }), pod({ labels: { app: "db" } })].map(
    (one) => project(one, undefined, { id: "*", paths: new Set(["labels"]), named: true, own: true }).items[0],
  );
  const web = { path: "labels", text: 'app="web"', json: '{"app":"web"}' };
  expect(shown).toEqual([web, web, { path: "labels", text: 'app="db"', json: '{"app":"db"}' }]);
});

test("the bytes of a file are well-formed, as the API server stores them", () => {
  const item = field("x", "metadata.annotations['a']");
  expect(project(item, { annotations: { a: "a\ud800b" } })).toMatchObject({ text: "a\ufffdb" });
});

test("an item that can't be told is a problem of that item, and the others stand in their order", () => {
  const items = [
    field("a", "metadata.name"),
    resource("cpu", "limits.cpu"),
    field("b", "spec.host"),
    field("c", "status.podIP"),
  ];
  const record = projector(items)(pod(), undefined, all(items));
  expect(record).toMatchObject({ namespace: "shop", name: "web-1" });
  expect(record.items.map(({ path }) => path)).toEqual(["a", "c"]);
  expect(record.problems.map(({ path, reason }) => [path, reason])).toEqual([
    ["cpu", "UnknownContainer"],
    ["b", "UnsupportedField"],
  ]);
});

test.each([
  ["those of the pod", { podIPs: ["10.0.0.1", "fd00::1"] }, ["10.0.0.1", "fd00::1"]],
  ["the first one, where it tells no others", { podIPs: [] }, ["10.0.0.1"]],
  ["none that is empty", { podIP: "", podIPs: ["", "fd00::1"] }, ["fd00::1"]],
  ["none, where it has none", { podIP: "", podIPs: [] }, []],
])("the IPs of a peer are %s", (_, fields, expected) => {
  expect(projector([])(pod(fields), undefined, all([])).podIPs).toEqual(expected);
});

test("what isn't permitted is left out without a word, though it couldn't be told either", () => {
  const items = [field("a", "metadata.name"), resource("cpu", "limits.cpu")];
  const record = projector(items)(pod(), undefined, { id: "", paths: new Set(["a"]), named: false, own: false });
  expect(record.items.map(({ path }) => path)).toEqual(["a"]);
  expect(record.problems).toEqual([]);
});
