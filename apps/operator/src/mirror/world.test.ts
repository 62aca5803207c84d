import { type MetadataMirror, nodeMetadata, type ReadableMirror } from "@metadata-mirror/metadata-model";
import { describe, expect, test } from "vitest";
import { configMap, consumer, grant, mirror, pod } from "../testing/objects.ts";
import { seesAll } from "../testing/sight.ts";
import { createHandler } from "./handler.ts";
import { createStores } from "./stores.ts";
import { type Sight, worldOf } from "./world.ts";

const nothingBlocked = () => false;

const readable = (from: MetadataMirror) => from as ReadableMirror;
const own = readable(mirror());
const both = readable(mirror({ spec: { peers: { selector: {}, namespaces: ["shop", "office"] } } }));

function start() {
  const stores = createStores(() => [createHandler(() => undefined)]);
  const entry = <T extends { readonly namespace: string; readonly name: string }>(object: T) => ({
    namespace: object.namespace,
    name: object.name,
    resourceVersion: "1",
    object,
  });
  return { stores, entry };
}

test("holds the pods and grants of the peers' namespaces, and the ConfigMaps of the mirror's own", () => {
  const { stores, entry } = start();
  for (const namespace of ["shop", "office", "attic"]) {
    stores.pods.apply(entry(pod({ namespace })));
    stores.grants.apply(entry(grant(namespace, ["shop"])));
    stores.configMaps.apply(entry(configMap({ namespace, name: "web-peers", label: "web-peers" })));
  }
  const namespacesOf = (objects: Iterable<{ readonly namespace: string }>) =>
    [...objects].map(({ namespace }) => namespace).toSorted();
  const seen = (of: ReadableMirror) => {
    const { pods, grants, existing } = worldOf(of, stores, seesAll, nothingBlocked);
    return [pods, grants, existing].map(namespacesOf);
  };
  expect(seen(own)).toEqual([["shop"], ["shop"], ["shop"]]);
  expect(seen(both)).toEqual([["office", "shop"], ["office", "shop"], ["shop"]]);
});

test("holds no ConfigMap without our label, unless it's the mirror's own: nothing would tell of its end", () => {
  const { stores, entry } = start();
  const another = mirror({ uid: "another" });
  const all = [
    configMap({ name: "labelled", label: "web-peers", owner: another }),
    configMap({ name: "own", owner: own }),
    configMap({ name: "left", owner: another }),
    configMap({ name: "bare" }),
  ];
  for (const one of all) stores.configMaps.apply(entry(one));
  const { existing } = worldOf(own, stores, seesAll, nothingBlocked);
  expect([...existing].map(({ name }) => name)).toEqual(["labelled", "own"]);
});

test("tells of nodes what is known, or that they may not be read", () => {
  const { stores } = start();
  const node = nodeMetadata({ metadata: { name: "node-1" }, status: { allocatable: { cpu: "4" } } });
  stores.nodes.apply({ namespace: "", name: "node-1", resourceVersion: "1", object: node });
  const sighted = worldOf(own, stores, seesAll, nothingBlocked);
  expect([sighted.node("node-1"), sighted.node("node-2")]).toEqual([node, undefined]);
  const blind = worldOf(own, stores, { ...seesAll, nodesReadable: () => false }, nothingBlocked);
  expect(blind.node("node-1")).toBe("forbidden");
});

test("tells which namespaces the operator watches", () => {
  const { stores } = start();
  const { reachable } = worldOf(
    own,
    stores,
    { ...seesAll, reachable: (namespace) => namespace === "shop" },
    nothingBlocked,
  );
  expect([reachable("shop"), reachable("office")]).toEqual([true, false]);
});

describe("a ConfigMap is mounted", () => {
  test.each([
    ["by a pod that runs", consumer({ mounts: ["web-peers"] }), true],
    ["by a pod that waits for a node", consumer({ mounts: ["web-peers"], phase: "Pending", nodeName: "" }), true],
    ["not by one that has succeeded", consumer({ mounts: ["web-peers"], phase: "Succeeded" }), false],
    ["not by one that has failed", consumer({ mounts: ["web-peers"], phase: "Failed" }), false],
    ["not by one of another namespace", consumer({ mounts: ["web-peers"], namespace: "office" }), false],
    ["not by one that mounts another", consumer({ mounts: ["web-peers-1"] }), false],
  ])("%s", (_, of, expected) => {
    const { stores, entry } = start();
    stores.consumers.apply(entry(of));
    expect(worldOf(both, stores, seesAll, nothingBlocked).mounted("web-peers")).toBe(expected);
  });
});

test("a ConfigMap is mounted until the last pod that mounts it is gone", () => {
  const { stores, entry } = start();
  const mounted = () => worldOf(own, stores, seesAll, nothingBlocked).mounted("web-peers");
  const [one, other] = ["web-0", "web-1"].map((name) => consumer({ name, mounts: ["web-peers"] }));
  for (const each of [one, other]) if (each) stores.consumers.apply(entry(each));
  if (one) stores.consumers.remove(entry(one));
  expect(mounted()).toBe(true);
  if (other) stores.consumers.apply(entry({ ...other, references: [], mounts: [] }));
  expect(mounted()).toBe(false);
});

test("a ConfigMap may be mounted, where not every pod of the mirror's namespace is seen", () => {
  const { stores } = start();
  const blind: Sight = { ...seesAll, seesMounts: (namespace) => namespace !== "shop" };
  const office = readable(mirror({ namespace: "office" }));
  const mounted = (of: ReadableMirror) => worldOf(of, stores, blind, nothingBlocked).mounted("web-peers");
  expect([mounted(own), mounted(office)]).toEqual([true, false]);
});

test("tells whether pods of the mirror's namespace may not be refreshed", () => {
  const { stores } = start();
  const refused = { ...seesAll, refreshRefused: (namespace: string) => namespace === "shop" };
  const office = readable(mirror({ namespace: "office" }));
  const worlds = [own, office].map((of) => worldOf(of, stores, refused, nothingBlocked));
  expect(worlds.map(({ refreshRefused }) => refreshRefused)).toEqual([true, false]);
});
