import { fakeClock } from "@metadata-mirror/api-client";
import { describe, expect, test } from "vitest";
import { configMap, consumer, mirror, type PodSketch } from "../testing/objects.ts";
import { createRefreshAgenda } from "./refresh-agenda.ts";
import { createRefreshHandler } from "./refresh-handler.ts";
import { createStores } from "./stores.ts";

const immediate = { consumers: { refreshPolicy: "Immediate" } };
const ours = mirror({ name: "web-peers", spec: immediate });
const place = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => ({
  namespace,
  name,
  resourceVersion: "",
});

/** Stores with a mirror and its ConfigMap, and with these pods; `wakes` answers whom a change wakes, and how many of them are owed. */
function start(...pods: readonly PodSketch[]) {
  const added = new Set<string>();
  const agenda = createRefreshAgenda({ add: (key) => void added.add(key) }, fakeClock());
  const stores = createStores((all) => [createRefreshHandler(all, agenda)]);
  const show = (data: Record<string, string>, owner = ours, label = "web-peers") => {
    const state = configMap({ name: "web-peers", label, owner, data });
    stores.shownConfigMaps.apply({ ...place(state), object: state });
  };
  stores.mirrors.apply({ ...place(ours), object: ours });
  show({ a: "1", b: "1" });
  for (const pod of pods.map(consumer)) stores.consumers.apply({ ...place(pod), object: pod });
  function wakes(change: () => void) {
    for (const key of added) agenda.begin(key);
    added.clear();
    change();
    return { woken: [...added].toSorted(), owed: agenda.owed };
  }
  return { stores, show, wakes };
}

const picks = (key: string) => ({
  volumes: [{ name: "web-peers", configMap: { name: "web-peers", items: [{ key, path: key }] } }],
});
const mounts = ["web-peers"];
const env = { containers: [{ envFrom: [{ configMapRef: { name: "web-peers" } }] }] };

describe("a change of a ConfigMap wakes the pods whose files are to show it", () => {
  const pods: readonly PodSketch[] = [
    { name: "all", mounts },
    { name: "a", mounts, spec: picks("a") },
    { name: "b", mounts, spec: picks("b") },
    { name: "unbound", mounts, nodeName: "" },
    { name: "env", spec: env },
    { name: "other", mounts: ["other"] },
    { name: "elsewhere", namespace: "office", mounts },
  ];

  test("of one key, those that mount that key", () => {
    const { show, wakes } = start(...pods);
    expect(wakes(() => show({ a: "2", b: "1" }))).toEqual({ woken: ["shop/a", "shop/all"], owed: 2 });
    expect(wakes(() => show({ a: "2" }))).toEqual({ woken: ["shop/all", "shop/b"], owed: 2 });
    expect(wakes(() => show({ a: "2" }))).toEqual({ woken: [], owed: 0 });
  });

  test("that comes or goes, all that mount it, and those that are to be told that they don't follow", () => {
    const { stores, show, wakes } = start(...pods);
    const everyone = { woken: ["shop/a", "shop/all", "shop/b", "shop/env", "shop/unbound"], owed: 3 };
    expect(wakes(() => stores.shownConfigMaps.forget("shop", "web-peers"))).toEqual(everyone);
    expect(wakes(() => show({ a: "1" }))).toEqual(everyone);
  });

  test("that becomes the mirror's, as after a restore, with the data that it had", () => {
    const { show, wakes } = start({ name: "all", mounts });
    show({ a: "1" }, mirror({ uid: "another" }));
    expect(wakes(() => show({ a: "1" }))).toEqual({ woken: ["shop/all"], owed: 1 });
  });

  test("unless it's another's, or one of a mirror that is left to the kubelet", () => {
    const { stores, show, wakes } = start({ name: "all", mounts });
    show({ a: "1" }, mirror({ uid: "another" }));
    expect(wakes(() => show({ a: "2" }, mirror({ uid: "another" })))).toEqual({ woken: [], owed: 0 });
    show({ a: "2" });
    const lazy = mirror({ generation: 2 });
    stores.mirrors.apply({ ...place(lazy), object: lazy });
    expect(wakes(() => show({ a: "3" }))).toEqual({ woken: [], owed: 0 });
  });
});

describe("a mirror wakes the pods that mount its ConfigMaps", () => {
  const pods = [
    { name: "first", mounts },
    { name: "later", mounts: ["web-peers-3"] },
    { name: "other", mounts: ["other"] },
  ];

  test("when it begins to refresh, or is made anew, and not by another change", () => {
    const { stores, wakes } = start(...pods);
    const put = (next: typeof ours) => wakes(() => stores.mirrors.apply({ ...place(next), object: next })).woken;
    expect(put(mirror({ generation: 2, spec: immediate }))).toEqual([]);
    expect(put(mirror({ generation: 3 }))).toEqual([]);
    expect(put(mirror({ generation: 4, spec: immediate }))).toEqual(["shop/first", "shop/later"]);
    expect(put(mirror({ uid: "anew", spec: immediate }))).toEqual(["shop/first", "shop/later"]);
  });
});

test("a pod wakes itself when it comes, changes and goes", () => {
  const { stores, wakes } = start();
  const [pod, changed] = [consumer({ mounts }), consumer({ mounts: ["other"] })];
  for (const one of [pod, changed]) {
    expect(wakes(() => stores.consumers.apply({ ...place(one), object: one })).woken).toEqual(["shop/web-0"]);
  }
  expect(wakes(() => stores.consumers.remove(place(changed))).woken).toEqual(["shop/web-0"]);
});
