import { configMaps, events, pods } from "@metadata-mirror/api-client";
import { configMapState } from "@metadata-mirror/metadata-model";
import { describe, expect, test } from "vitest";
import { mirrorObject } from "../testing/objects.ts";
import { type RefreshRig, refreshRig } from "../testing/refresh-rig.ts";
import { digest } from "./digest.ts";
import { metadataMirrors } from "./resources.ts";

const volume = (name: string, configMap: object) => ({ volumes: [{ name, configMap }] });
const mounting = (volumeMount: object) => ({ containers: [{ name: "main", volumeMounts: [volumeMount] }] });
const forbidden = { code: 403, reason: "Forbidden", message: "no rights" };

/** A mirror, its ConfigMap, and a pod that mounts it: all settled. */
async function settled(options?: Parameters<typeof refreshRig>[0]): Promise<RefreshRig> {
  const rig = refreshRig(options);
  rig.putMirror();
  rig.putConfigMap({ a: "1" });
  rig.putPod();
  await rig.watch();
  await rig.clock.advance(10_000);
  await rig.watch();
  expect(rig.revision()).toMatch(/^[\w-]{22}\.2$/);
  rig.patches.splice(0);
  return rig;
}

/** Lets time pass, and the watch tell each 50 ms. */
async function live({ clock, watch }: RefreshRig, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 50) {
    await clock.advance(50);
    await watch();
  }
}

describe("a pod that mounts the ConfigMap of a mirror", () => {
  test("is told of a change at once, once more 2 s later, and no more", async () => {
    const rig = await settled();
    const before = rig.revision();
    const now = rig.clock.monotonic();
    rig.putConfigMap({ a: "2" });
    await rig.watch();
    const told = rig.revision();
    expect(told).toMatch(/^[\w-]{22}$/);
    expect(told).not.toBe(before?.slice(0, 22));
    await live(rig, 60_000);
    expect(rig.revision()).toBe(`${told}.2`);
    expect(rig.patches).toEqual([
      { pod: "web-0", at: now },
      { pod: "web-0", at: now + 2_000 },
    ]);
    const labels = rig.find(pods, { namespace: "shop", name: "web-0" })?.metadata.labels;
    expect(labels).toEqual({ app: "web" });
  });

  test("is told once, where what it mounts has been still when it comes", async () => {
    const rig = await settled();
    rig.putPod({ name: "web-1" });
    await rig.watch();
    expect(rig.revision("web-1")).toBe(rig.revision());
    await live(rig, 10_000);
    expect(rig.patches).toHaveLength(1);
  });

  test("is told at most once a second while it changes all the time, and of the last state in the end", async () => {
    const rig = await settled();
    for (let at = 0; at < 100; at++) {
      rig.putConfigMap({ a: `change ${at}` });
      await live(rig, 50);
    }
    await live(rig, 5_000);
    const times = rig.patches.map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(times.length).toBeGreaterThanOrEqual(6);
    expect(times.length).toBeLessThanOrEqual(8);
    const last = rig.revision();
    rig.putPod({ name: "web-1" });
    await rig.watch();
    expect(rig.revision("web-1")).toBe(last);
  });

  test("is told nothing of data that comes back before it could be told", async () => {
    const rig = await settled();
    rig.putConfigMap({ a: "1" });
    await live(rig, 5_000);
    expect(rig.patches).toEqual([]);
  });

  test("is told at once and once more of keys that it picks, where the ConfigMap is made anew", async () => {
    const rig = await settled();
    rig.putPod({ spec: volume("web-peers", { name: "web-peers", items: [{ key: "a", path: "a" }] }) });
    await live(rig, 5_000);
    rig.patches.splice(0);
    rig.end(configMaps, { namespace: "shop", name: "web-peers" });
    await live(rig, 5_000);
    rig.putConfigMap({ a: "2" });
    await rig.watch();
    expect(rig.revision()).toMatch(/^[\w-]{22}$/);
    await live(rig, 5_000);
    expect(rig.patches).toHaveLength(2);
  });

  test.each([
    ["another's settled form", "x.2"],
    ["nothing", undefined],
  ])("is told once a second where somebody writes %s over its annotation all the time", async (_, value) => {
    const rig = await settled();
    const annotations = value === undefined ? {} : { "metadatamirror.dev/revision": value };
    for (let at = 0; at < 200; at++) {
      rig.putPod({ annotations });
      await live(rig, 50);
    }
    expect(rig.patches.length).toBeGreaterThanOrEqual(9);
    expect(rig.patches.length).toBeLessThanOrEqual(11);
    await live(rig, 2_000);
    expect(rig.revision()).toMatch(/^[\w-]{22}\.2$/);
  });

  test("is told again where somebody takes the annotation away", async () => {
    const rig = await settled();
    const before = rig.revision();
    rig.putPod();
    expect(rig.revision()).toBeUndefined();
    await live(rig, 5_000);
    expect(rig.revision()).toBe(before);
  });

  test("is told nothing after a restart, and one that has missed a change is", async () => {
    const rig = await settled();
    rig.putPod({ name: "web-1" });
    await live(rig, 5_000);
    rig.patches.splice(0);
    await rig.restart();
    await live(rig, 5_000);
    expect(rig.patches).toEqual([]);
    rig.putConfigMap({ a: "2" });
    await rig.restart();
    await live(rig, 5_000);
    expect(new Set(rig.patches.map(({ pod }) => pod))).toEqual(new Set(["web-0", "web-1"]));
    expect(rig.revision()).toBe(rig.revision("web-1"));
  });
});

describe("what we wrote is announced when the watch has shown it, and not before", () => {
  const stateOf = (object: unknown) => configMapState(object, digest);

  test("a write that is answered, and not yet shown", async () => {
    const rig = await settled();
    const before = rig.revision();
    const state = stateOf(rig.putConfigMap({ a: "2" }));
    const { stores } = rig.operator;
    stores.configMaps.wrote({ ...state, object: state });
    await rig.clock.advance(5_000);
    // whatever wakes the pod
    const known = stores.consumers.get("shop", "web-0");
    if (known === undefined) throw new Error("the pod is there");
    for (const waits of [false, true]) {
      stores.consumers.apply({ ...known, resourceVersion: "", object: { ...known, waits } });
      await rig.clock.advance(0);
    }
    expect(rig.patches).toEqual([]);
    await rig.watch();
    expect(rig.patches).toHaveLength(1);
    expect(rig.revision()).not.toBe(before);
  });

  test("a write that is shown while the next one is answered: the data that was shown is announced", async () => {
    const rig = await settled();
    rig.putConfigMap({ a: "2" });
    await rig.watch();
    const second = rig.revision();
    await live(rig, 5_000);
    rig.putConfigMap({ a: "1" });
    await live(rig, 5_000);
    rig.putConfigMap({ a: "2" });
    const ahead = stateOf({ ...rig.putConfigMap({ a: "3" }) });
    const { stores } = rig.operator;
    stores.configMaps.wrote({ ...ahead, resourceVersion: "9999", object: ahead });
    const shown = rig.events.at(-2)?.object;
    const state = stateOf(shown);
    stores.shownConfigMaps.apply({ ...state, object: state });
    await rig.clock.advance(0);
    expect(rig.revision()).toBe(second);
  });
});

describe("a pod is left alone", () => {
  test.each<[string, Parameters<RefreshRig["putPod"]>[0]]>([
    ["that mounts no ConfigMap", { mounts: [] }],
    ["that mounts one of others", { mounts: ["other"] }],
    ["that mounts one of a mirror that is left to the kubelet", { mounts: ["lazy"] }],
    ["that is not bound to a node", { nodeName: "" }],
    ["that has succeeded", { phase: "Succeeded" }],
    ["whose volume no container mounts", { spec: { containers: [{ name: "main" }] } }],
    ["that mounts a subPath", { spec: mounting({ name: "web-peers", mountPath: "/x", subPath: "a" }) }],
    ["of another namespace", { namespace: "office" }],
  ])("%s", async (_, sketch) => {
    const rig = await settled();
    rig.putMirror({ name: "lazy", spec: { consumers: { refreshPolicy: "KubeletSync" } } });
    rig.put(configMaps, { ...rig.putConfigMap({ a: "1" }), metadata: { namespace: "shop", name: "other" }, data: {} });
    rig.putPod({ name: "other", ...sketch });
    await live(rig, 3_000);
    rig.putConfigMap({ a: "2" });
    await live(rig, 5_000);
    expect(rig.patches.map(({ pod }) => pod)).toEqual(["web-0", "web-0"]);
    expect(rig.revision("other", sketch?.namespace)).toBeUndefined();
  });

  test("that mounts what bears our label and is another's", async () => {
    const rig = await settled();
    const foreign = rig.putConfigMap({ a: "1" }, { name: "foreign" });
    const owners = foreign.metadata.ownerReferences?.map((owner) => ({ ...owner, uid: "x" })) ?? [];
    rig.put(configMaps, { ...foreign, metadata: { ...foreign.metadata, ownerReferences: owners } });
    rig.putPod({ name: "other", mounts: ["foreign"] });
    await live(rig, 3_000);
    expect([rig.patches, rig.revision("other")]).toEqual([[], undefined]);
  });

  test("while its mirror is being deleted", async () => {
    const rig = await settled();
    const terminating = mirrorObject({ generation: 2, spec: { consumers: { refreshPolicy: "Immediate" } } });
    const metadata = { ...terminating.metadata, deletionTimestamp: "2026-11-23T18:00:00Z" };
    rig.put(metadataMirrors, { ...terminating, metadata });
    rig.putConfigMap({ a: "2" });
    await live(rig, 3_000);
    expect(rig.patches).toEqual([]);
  });

  test("that picks keys, by a change of others; and it settles while those change all the time", async () => {
    const rig = await settled();
    rig.putConfigMap({ a: "1", b: "1" });
    rig.putPod({ spec: volume("web-peers", { name: "web-peers", items: [{ key: "a", path: "a" }] }) });
    await live(rig, 5_000);
    rig.patches.splice(0);
    rig.putConfigMap({ a: "2", b: "1" });
    for (let at = 0; at < 60; at++) {
      rig.putConfigMap({ a: "2", b: `other ${at}` });
      await live(rig, 50);
    }
    expect(rig.patches).toHaveLength(2);
    expect(rig.revision()).toMatch(/\.2$/);
  });

  test("when its mirror is left to the kubelet again, or goes", async () => {
    const rig = await settled();
    const before = rig.revision();
    rig.putMirror({ generation: 2, spec: { consumers: { refreshPolicy: "KubeletSync" } } });
    await rig.watch();
    rig.putConfigMap({ a: "2" });
    await live(rig, 5_000);
    rig.end(metadataMirrors, { namespace: "shop", name: "web-peers" });
    rig.end(configMaps, { namespace: "shop", name: "web-peers" });
    await live(rig, 5_000);
    expect([rig.patches, rig.revision()]).toEqual([[], before]);
  });

  test("until its mirror is to refresh: then it's told what it mounts", async () => {
    const rig = refreshRig();
    rig.putMirror({ spec: { consumers: {} } });
    rig.putConfigMap({ a: "1" });
    rig.putPod();
    await live(rig, 5_000);
    expect(rig.patches).toEqual([]);
    rig.putMirror({ generation: 2 });
    await live(rig, 5_000);
    expect(rig.patches).toHaveLength(1);
    expect(rig.revision()).toMatch(/\.2$/);
  });
});

describe("a patch that fails", () => {
  const request = "patch pods/status shop/web-0";

  test("is tried again after a while, longer each time, and the newest data is told then", async () => {
    const rig = await settled();
    rig.refuse(request, { code: 500, reason: "InternalError", message: "no" });
    rig.putConfigMap({ a: "2" });
    await live(rig, 60_000);
    expect(rig.patches.length).toBeGreaterThan(4);
    expect(rig.patches.length).toBeLessThan(25);
    rig.putConfigMap({ a: "3" });
    rig.refuse(request, undefined);
    await live(rig, 60_000);
    expect(rig.revision()).toMatch(/\.2$/);
  });

  test.each([
    ["since the pod is gone", { code: 404, reason: "NotFound", message: "gone" }],
    [
      "since it's another pod by now",
      { code: 422, reason: "Invalid", message: "metadata.uid: Invalid value: field is immutable" },
    ],
  ])("%s, is not tried again", async (_, refusal) => {
    const rig = await settled();
    rig.refuse(request, refusal);
    rig.putConfigMap({ a: "2" });
    await live(rig, 60_000);
    expect(rig.patches).toHaveLength(1);
    expect([rig.operator.refresh.waiting, rig.warnings]).toEqual([0, []]);
  });

  test("since the pod has no room for the annotation, is told of once, and tried again when the pod or the data changes", async () => {
    const rig = await settled();
    const message = 'Pod "web-0" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes';
    rig.refuse(request, { code: 422, reason: "Invalid", message });
    for (const a of ["2", "3"]) {
      rig.putConfigMap({ a });
      await live(rig, 60_000);
    }
    expect([rig.patches.length, rig.operator.refresh.waiting]).toEqual([2, 0]);
    expect(rig.warnings).toEqual([expect.stringMatching(/shop\/web-0.*Too long: may not be more than 262144/)]);
    rig.refuse(request, undefined);
    rig.putPod({ annotations: { room: "x".repeat(5_000) } });
    await live(rig, 5_000);
    expect(rig.revision()).toMatch(/\.2$/);
  });

  test("never reaches another pod of the name", async () => {
    const rig = await settled();
    const before = rig.revision();
    rig.putPod({ uid: "another", annotations: { "metadatamirror.dev/revision": before ?? "" } });
    rig.events.pop();
    rig.putConfigMap({ a: "2" });
    await live(rig, 5_000);
    expect([rig.patches.length, rig.revision()]).toEqual([1, before]);
  });
});

describe("where pods may not be refreshed", () => {
  async function refused(): Promise<RefreshRig> {
    const rig = await settled();
    const names = Array.from({ length: 20 }, (_, at) => `web-${at}`);
    for (const name of names) rig.putPod({ name });
    // so long that none was taken just before
    await live(rig, 15_000);
    for (const name of names) rig.refuse(`patch pods/status shop/${name}`, forbidden);
    rig.patches.splice(0);
    rig.putConfigMap({ a: "2" });
    await rig.watch();
    return rig;
  }

  test("that is said once, and tried again every 10 s by one pod", async () => {
    const rig = await refused();
    expect(rig.operator.refresh.isRefused("shop")).toBe(true);
    // those that were under way
    expect(rig.patches.length).toBeLessThanOrEqual(4);
    const first = rig.patches.length;
    await live(rig, 61_000);
    expect(rig.patches.length - first).toBe(6);
    expect([rig.turns, rig.operator.refresh.waiting]).toEqual([["shop"], 20]);
  });

  test("all are told once they may be", async () => {
    const rig = await refused();
    for (let at = 0; at < 20; at++) rig.refuse(`patch pods/status shop/web-${at}`, undefined);
    await live(rig, 10_500);
    expect([rig.turns, rig.operator.refresh.isRefused("shop")]).toEqual([["shop", "shop"], false]);
    expect(new Set(rig.all(pods).map(({ metadata }) => rig.revision(metadata.name))).size).toBe(1);
    expect(rig.operator.refresh.waiting).toBe(0);
  });

  test("that is said no longer when the last pod that waited has gone", async () => {
    const rig = await refused();
    for (let at = 0; at < 20; at++) rig.end(pods, { namespace: "shop", name: `web-${at}` });
    await live(rig, 100);
    expect([rig.turns, rig.operator.refresh.isRefused("shop")]).toEqual([["shop", "shop"], false]);
  });

  test("another namespace is not concerned", async () => {
    const rig = await refused();
    rig.putMirror({ namespace: "office" });
    rig.putConfigMap({ a: "1" }, { namespace: "office" });
    rig.putPod({ namespace: "office" });
    await live(rig, 100);
    expect(rig.revision("web-0", "office")).toBeDefined();
  });
});

test("a pod that is refused by itself is tried every 10 s, and the others are told at once", async () => {
  const rig = await settled();
  rig.putPod({ name: "bad" });
  await live(rig, 5_000);
  rig.refuse("patch pods/status shop/bad", forbidden);
  rig.patches.splice(0);
  for (let at = 0; at < 5; at++) {
    rig.putConfigMap({ a: `change ${at}` });
    await rig.watch();
    const before = rig.revision();
    expect(rig.patches.filter(({ pod }) => pod === "web-0")).toHaveLength(2 * at + 1);
    await live(rig, 30_000);
    expect(rig.revision()).toBe(`${before}.2`);
  }
  expect([rig.turns, rig.warnings.length, rig.operator.refresh.waiting]).toEqual([[], 1, 1]);
  const tries = rig.patches.filter(({ pod }) => pod === "bad").length;
  expect(tries).toBeGreaterThanOrEqual(15);
  expect(tries).toBeLessThanOrEqual(16);
});

describe("a use that no refresh can reach", () => {
  const envFrom = { containers: [{ name: "main", envFrom: [{ configMapRef: { name: "web-peers" } }] }] };

  test("is told by an Event on the pod, once, however often the data changes and after a restart", async () => {
    const rig = await settled();
    rig.putPod({ name: "fixed", spec: envFrom });
    for (const a of ["2", "3"]) {
      rig.putConfigMap({ a });
      // and however often it is looked at
      rig.putPod({ name: "fixed", mounts: [a], spec: envFrom });
      await live(rig, 3_000);
    }
    await rig.restart();
    await live(rig, 3_000);
    expect(rig.all(events)).toMatchObject([
      {
        type: "Warning",
        reason: "NeverRefreshed",
        regarding: { kind: "Pod", namespace: "shop", name: "fixed", uid: "fixed" },
        note: expect.stringMatching(/^ConfigMap web-peers is used by env, which stays as it is/),
      },
    ]);
    expect(rig.requests.filter((request) => request.startsWith("create events"))).toHaveLength(2);
  });

  test("has an Event of a valid name whatever the pod is called", async () => {
    const rig = await settled();
    const name = `${"a".repeat(199)}.${"b".repeat(53)}`;
    rig.putPod({ name, spec: envFrom });
    await live(rig, 100);
    const [event] = rig.all(events);
    expect(event?.metadata.name).toMatch(/^a{199}\.[0-9a-f]{32}$/);
  });

  test("is told for another pod of the name, and of a ConfigMap that comes later", async () => {
    const rig = await settled();
    rig.end(configMaps, { namespace: "shop", name: "web-peers" });
    rig.putPod({ name: "fixed", spec: envFrom });
    await live(rig, 100);
    expect(rig.all(events)).toEqual([]);
    rig.putConfigMap({ a: "1" });
    await live(rig, 100);
    rig.putPod({ name: "fixed", uid: "another", spec: envFrom });
    await live(rig, 100);
    expect(rig.all(events).map(({ regarding }) => regarding)).toMatchObject([{ uid: "fixed" }, { uid: "another" }]);
  });

  test("is forgotten with its pod: that one was told is then the API server's to know", async () => {
    const rig = await settled();
    for (const _ of [1, 2]) {
      rig.putPod({ name: "fixed", spec: envFrom });
      await live(rig, 100);
      rig.end(pods, { namespace: "shop", name: "fixed" });
      await live(rig, 100);
    }
    expect(rig.all(events)).toHaveLength(1);
    expect(rig.requests.filter((request) => request.startsWith("create events"))).toHaveLength(2);
  });

  test("is not told of a ConfigMap of others", async () => {
    const rig = await settled();
    rig.putPod({ name: "fixed", spec: { containers: [{ envFrom: [{ configMapRef: { name: "other" } }] }] } });
    await live(rig, 100);
    expect(rig.all(events)).toEqual([]);
  });
});

test("2,000 consumers are told at the rate that is given, and a consumer of another namespace at once", async () => {
  const rig = await settled({ perSecond: 50 });
  rig.putMirror({ namespace: "office" });
  rig.putConfigMap({ a: "1" }, { namespace: "office" });
  rig.putPod({ namespace: "office", name: "alone" });
  for (let at = 0; at < 2_000; at++)
    rig.putPod({ name: `many-${at}`, annotations: { "metadatamirror.dev/revision": rig.revision() ?? "" } });
  await live(rig, 5_000);
  rig.patches.splice(0);
  const began = rig.clock.monotonic();
  rig.putConfigMap({ a: "2" });
  await live(rig, 2_000);
  rig.putConfigMap({ a: "2" }, { namespace: "office" });
  await rig.watch();
  await rig.clock.advance(100);
  expect(rig.patches.filter(({ pod }) => pod === "alone")).toHaveLength(1);
  expect(rig.operator.refresh.waiting).toBeGreaterThan(1_700);
  await live(rig, 50_000);
  const many = rig.patches.filter(({ pod }) => pod.startsWith("many-"));
  expect(new Set(many.map(({ pod }) => pod)).size).toBe(2_000);
  expect((many.at(-1)?.at ?? 0) - began).toBeGreaterThan(35_000);
  expect(rig.operator.refresh.waiting).toBe(0);
});

describe("patches are charged to the byte budget by the size of the pod", () => {
  const large = { note: "x".repeat(240 * 1024) };
  const names = Array.from({ length: 40 }, (_, at) => `large-${at}`);

  test("those that are held back stay owed, and all are told in the end, at the rate of the budget", async () => {
    const rig = await settled({ bytesPerSecond: 250 * 1024 });
    rig.written.splice(0);
    for (const name of names) rig.putPod({ name, annotations: large });
    await rig.watch();
    expect(rig.written).toHaveLength(9);
    await live(rig, 5_000);
    // one after the other, as the budget fills
    expect(rig.written.length).toBeGreaterThanOrEqual(13);
    await live(rig, 5_000);
    // in w seconds (w + 8) times the rate, and one pod more
    expect(rig.written.length).toBeGreaterThanOrEqual(17);
    expect(rig.written.length).toBeLessThanOrEqual(19);
    await live(rig, 25_000);
    for (const name of names) expect(rig.revision(name)).toBe(rig.revision());
    // a change of all of them
    rig.putConfigMap({ a: "2" });
    await live(rig, 10_000);
    expect(rig.operator.refresh.waiting).toBeGreaterThan(10);
    await live(rig, 120_000);
    expect([rig.operator.refresh.waiting, new Set(names.map((name) => rig.revision(name))).size]).toEqual([0, 1]);
    expect((await rig.operator.metrics.throttled.get()).values).toMatchObject([{ labels: { namespace: "shop" } }]);
  });

  test("a ConfigMap of the namespace waits for one of them, not for all", async () => {
    const rig = await settled({ bytesPerSecond: 250 * 1024 });
    for (const name of names) rig.putPod({ name, annotations: large });
    await live(rig, 1_000);
    const { waitMs } = rig.budget.charge("shop", 10_000);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(2_000);
    await live(rig, waitMs);
    const began = rig.clock.monotonic();
    while (rig.budget.charge("shop", 10_000, { waited: true }).waitMs > 0) await live(rig, 50);
    expect(rig.clock.monotonic() - began).toBeLessThanOrEqual(2_000);
    expect(rig.operator.refresh.waiting).toBeGreaterThan(20);
  });

  test("a pod that goes while it's its turn holds back none of the others", async () => {
    const rig = await settled({ bytesPerSecond: 250 * 1024 });
    for (const name of names) rig.putPod({ name, annotations: large });
    await live(rig, 1_000);
    const told = names.filter((name) => rig.revision(name) !== undefined);
    // whoever is first of those that wait
    for (const name of names.slice(told.length, told.length + 5)) rig.end(pods, { namespace: "shop", name });
    await live(rig, 36_000);
    expect(rig.operator.refresh.waiting).toBe(0);
  });

  test("what isn't stored is given back", async () => {
    const rig = await settled({ bytesPerSecond: 250 * 1024 });
    rig.putPod({ annotations: large });
    await live(rig, 20_000);
    rig.refuse("patch pods/status shop/web-0", { code: 500, reason: "InternalError", message: "no" });
    rig.putConfigMap({ a: "2" });
    await live(rig, 5_000);
    expect(rig.patches.length).toBeGreaterThanOrEqual(7);
    for (let at = 0; at < 8; at++) expect(rig.budget.charge("shop", 250 * 1024 - 1).waitMs).toBe(0);
  });
});

test("pods that need nothing take nothing of the rate", async () => {
  const rig = await settled({ perSecond: 10 });
  for (let at = 0; at < 500; at++) rig.putPod({ name: `other-${at}`, mounts: ["other"] });
  rig.putConfigMap({ a: "2" });
  const before = rig.revision();
  await rig.watch();
  expect(rig.revision()).not.toBe(before);
});

test("how long a change took to be told is measured from the first showing of what was told", async () => {
  const rig = await settled();
  for (const a of ["2", "3", "4"]) {
    rig.putConfigMap({ a });
    await live(rig, 300);
  }
  await live(rig, 5_000);
  const lag = await rig.operator.metrics.refreshLag.get();
  const value = (suffix: string) => lag.values.find(({ metricName }) => metricName?.endsWith(suffix))?.value;
  // the first is told at once, the others together a second later
  expect([value("_count"), value("_sum")]).toEqual([2, 0.7]);
  expect((await rig.operator.metrics.refreshes.get()).values).toMatchObject([{ value: rig.patches.length + 2 }]);
});

test("and from there on, however often telling it failed", async () => {
  const rig = await settled();
  rig.refuse("patch pods/status shop/web-0", { code: 500, reason: "InternalError", message: "no" });
  rig.putConfigMap({ a: "2" });
  await live(rig, 20_000);
  rig.refuse("patch pods/status shop/web-0", undefined);
  await live(rig, 30_000);
  const lag = await rig.operator.metrics.refreshLag.get();
  expect(lag.values.find(({ metricName }) => metricName?.endsWith("_sum"))?.value).toBeGreaterThan(20);
});
