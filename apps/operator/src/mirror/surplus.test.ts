import type { ConfigMapState, ReadableMirror } from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { configMap, mirror } from "../testing/objects.ts";
import { createStores } from "./stores.ts";
import { createSurplus } from "./surplus.ts";

const owner = mirror() as ReadableMirror;
const shard: ConfigMapState = configMap({ name: "web-peers-1", label: "web-peers", owner });

function start() {
  const turns: boolean[] = [];
  const stores = createStores(() => [{ configMap: (change) => turns.push(surplus.configMap(change)) }]);
  const surplus = createSurplus(stores);
  let version = 0;
  const put = (object: ConfigMapState) => {
    const { namespace, name } = object;
    stores.configMaps.apply({ namespace, name, resourceVersion: String(++version), object });
  };
  return { stores, surplus, turns, put };
}

test.each<[string, Partial<ConfigMapState>, boolean]>([
  ["has no peers", {}, true],
  ["has peers", { placement: "abc" }, false],
  ["has peers and can't be emptied", { placement: "abc", immutable: true }, true],
  ["is the first, which stays", { name: "web-peers" }, false],
  ["is none of the mirror's by its name", { name: "other" }, false],
  [
    "belongs to another",
    { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "x", uid: "x", controller: true }] },
    false,
  ],
  ["bears the label of another", { mirror: "other" }, false],
  ["bears no label", { mirror: undefined }, false],
  ["has no owner, and is taken over", { ownerReferences: [] }, true],
  ["is being deleted", { terminating: true }, false],
])("a ConfigMap that %s", (_, fields, expected) => {
  const { surplus, put } = start();
  put({ ...shard, ...fields });
  expect(surplus.isOf(owner)).toBe(expected);
});

test("it is told when a ConfigMap comes to be needed no longer, is needed again, or goes", () => {
  const { stores, surplus, turns, put } = start();
  const states: readonly ConfigMapState[] = [
    { ...shard, placement: "a" },
    shard,
    { ...shard, uid: "2" },
    { ...shard, placement: "b" },
    shard,
  ];
  for (const state of states) put(state);
  expect(turns).toEqual([false, true, false, true, true]);
  expect(surplus.isOf(owner)).toBe(true);
  stores.configMaps.forget("shop", "web-peers-1");
  expect([turns.at(-1), surplus.isOf(owner)]).toEqual([true, false]);
});
