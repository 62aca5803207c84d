import { configMaps } from "@metadata-mirror/api-client";
import { describe, expect, test } from "vitest";
import { awaitChange, requeueAfter } from "../runtime/action.ts";
import { configMapObject, consumer, mirror, pod } from "../testing/objects.ts";
import { type Rig, rig } from "../testing/rig.ts";
import { metadataMirrors } from "./resources.ts";

const key = "shop/web-peers";
const target = { namespace: "shop", name: "web-peers" };
const web0 = pod({ name: "web-0", podIP: "10.0.0.1" });
const web1 = pod({ name: "web-1", podIP: "10.0.0.2" });

/** A mirror of two pods, whose first pass is over and which the watch has told of. */
async function mirrored(): Promise<Rig> {
  const started = rig();
  started.putMirror();
  started.seePods(web0, web1, pod({ name: "db-0", labels: { app: "db" } }));
  await started.reconcile(key);
  started.watch();
  return started;
}

describe("a pass", () => {
  test("brings the ConfigMap to what the mirror selects, says so, and waits for the next change", async () => {
    const { putMirror, seePods, reconcile, data, status, condition, passes } = rig();
    putMirror();
    seePods(web0, web1, pod({ name: "db-0", labels: { app: "db" } }));
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.1", "web-1_ip": "10.0.0.2" });
    expect(status()).toMatchObject({ peerCount: 2, shardCount: 1, lastChangeTime: "2026-11-23T18:00:00.000Z" });
    expect(condition("Ready")).toBe("True InSync");
    expect(passes).toMatchObject([{ key, written: 1, peers: 2, problems: [] }]);
  });

  test("after which nothing changed writes nothing, whether the watch has told of the last write or not", async () => {
    const { putMirror, seePods, reconcile, watch, requests } = rig();
    putMirror();
    seePods(web0);
    await reconcile(key);
    const before = requests.length;
    await reconcile(key);
    watch();
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(requests).toHaveLength(before);
  });

  test("of an operator that has just started writes nothing where all is as it should be", async () => {
    const { restart, requests } = await mirrored();
    const before = requests.length;
    expect(await restart()(key)).toEqual(awaitChange);
    expect(requests).toHaveLength(before);
  });

  test("puts back what was changed by hand", async () => {
    const { put, watch, reconcile, find, data } = await mirrored();
    const { data: _, ...rest } = find(configMaps, target) ?? { metadata: {} };
    put(configMaps, { ...rest, data: { "web-0_ip": "by hand", more: "x" } });
    watch();
    await reconcile(key);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.1", "web-1_ip": "10.0.0.2" });
  });

  test("makes anew what was deleted by hand", async () => {
    const { end, watch, reconcile, data } = await mirrored();
    end(configMaps, target);
    watch();
    await reconcile(key);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.1", "web-1_ip": "10.0.0.2" });
  });

  test("follows a new generation of the mirror", async () => {
    const { putMirror, reconcile, data, status } = await mirrored();
    putMirror({ generation: 2, spec: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } });
    await reconcile(key);
    expect(data()).toEqual({ "web-0_name": "web-0", "web-1_name": "web-1" });
    expect(status().observedGeneration).toBe(2);
  });

  test("on a view that is behind fails, so that it is tried again, and overwrites nothing", async () => {
    const { put, watch, reconcile, seePods, find, data, passes } = await mirrored();
    put(configMaps, {
      ...find(configMaps, target),
      metadata: { ...find(configMaps, target)?.metadata },
      data: { x: "1" },
    });
    seePods({ ...web1, podIP: "10.0.0.3" });
    await expect(reconcile(key)).rejects.toMatchObject({ code: "conflict" });
    expect(data()).toEqual({ x: "1" });
    expect(passes.at(-1)).toMatchObject({ written: 0, bytes: 0 });
    watch();
    await reconcile(key);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.1", "web-1_ip": "10.0.0.3" });
  });

  test("over a mirror that lost its label from the ConfigMap finds it again", async () => {
    const { put, watch, reconcile, find, data } = await mirrored();
    const { labels: _, ...metadata } = find(configMaps, target)?.metadata ?? {};
    put(configMaps, { ...find(configMaps, target), metadata });
    watch();
    await expect(reconcile(key)).rejects.toMatchObject({ code: "already-exists" });
    await reconcile(key);
    expect(find(configMaps, target)?.metadata.labels).toEqual({ "metadatamirror.dev/mirror": "web-peers" });
    expect(data()).toEqual({ "web-0_ip": "10.0.0.1", "web-1_ip": "10.0.0.2" });
  });
});

describe("a mirror", () => {
  test("that is gone is left to the garbage collector, and nothing of it is remembered", async () => {
    const { end, putMirror, watch, reconcile, requests, data, condition } = await mirrored();
    const before = requests.length;
    end(metadataMirrors, target);
    watch();
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(requests).toHaveLength(before);

    putMirror({ uid: "another" });
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(condition("Ready")).toBe("Unknown Progressing");
    end(configMaps, target);
    watch();
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.1", "web-1_ip": "10.0.0.2" });
  });

  test("that is gone leaves its turn of planning to the others of its namespace", async () => {
    const { end, putMirror, watch, reconcile } = rig({ planMs: 40 });
    for (const name of ["web-peers", "gone", "other"]) putMirror({ name });
    await reconcile(key);
    expect(await reconcile("shop/gone")).toEqual(requeueAfter(120));
    end(metadataMirrors, { namespace: "shop", name: "gone" });
    watch();
    await reconcile("shop/gone");
    expect(await reconcile("shop/other")).toEqual(requeueAfter(120));
  });

  test("that is being deleted is left to the garbage collector, whatever becomes of its ConfigMaps", async () => {
    const { put, find, end, watch, reconcile, requests } = await mirrored();
    const found = find(metadataMirrors, target);
    put(metadataMirrors, { ...found, metadata: { ...found?.metadata, deletionTimestamp: "2026-11-23T19:00:00Z" } });
    end(configMaps, target);
    watch();
    const before = requests.length;
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(requests).toHaveLength(before);
  });

  test("that is another of the same name and generation is followed, not the one before", async () => {
    const { end, putMirror, reconcile, data } = await mirrored();
    end(configMaps, target);
    putMirror({ uid: "another", spec: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } });
    await reconcile(key);
    expect(data()).toEqual({ "web-0_name": "web-0", "web-1_name": "web-1" });
  });

  test.each([
    ["is removed", [], undefined],
    ["is emptied while a pod mounts it", ["web-peers-1"], {}],
  ])("whose second shard is needed no longer: it %s", async (_, mounts, expected) => {
    const { putMirror, seePods, stores, reconcile, watch, data, passes } = rig();
    putMirror({ spec: { output: { peersPerShard: 1 } } });
    seePods(web0, web1);
    const reader = { namespace: "shop", name: "reader" };
    stores.consumers.apply({ ...reader, resourceVersion: "1", object: consumer({ ...reader, mounts }) });
    await reconcile(key);
    watch();
    expect([data(), data("web-peers-1")]).toEqual([{ "web-0_ip": "10.0.0.1" }, { "web-1_ip": "10.0.0.2" }]);
    seePods({ ...web1, labels: {} });
    await reconcile(key);
    expect([data(), data("web-peers-1")]).toEqual([{ "web-0_ip": "10.0.0.1" }, expected]);
    const { written, bytes } = passes.at(-1) ?? {};
    expect(written).toBe(1);
    expect(bytes).toBeGreaterThanOrEqual(1_024);
    expect(bytes).toBeLessThan(1_300);
  });

  test("whose spec can't be read says so in the end, also where the API server didn't take it at first", async () => {
    const { putMirror, reconcile, refuse, condition, clock } = rig();
    putMirror({ spec: { items: "none" } });
    const request = "patch metadatamirrors/status shop/web-peers";
    refuse(request, { code: 503, reason: "ServiceUnavailable", message: "away" });
    await expect(reconcile(key)).rejects.toThrow("away");
    refuse(request, undefined);
    expect(await reconcile(key)).toEqual(requeueAfter(1_000));
    await clock.advance(1_000);
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(condition("Ready")).toBe("False InvalidSpec");
  });

  test("whose spec can't be read says so, and its ConfigMaps stay as they are", async () => {
    const { putMirror, seePods, reconcile, data, condition, status } = await mirrored();
    putMirror({ generation: 2, spec: { items: [] }, status: status() });
    seePods({ ...web1, podIP: "10.0.0.3" });
    expect(await reconcile(key)).toEqual(awaitChange);
    expect([condition("Ready"), condition("Stalled")]).toEqual(["False InvalidSpec", "True InvalidSpec"]);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.1", "web-1_ip": "10.0.0.2" });
    expect(status()).toMatchObject({ observedGeneration: 2, peerCount: 2 });
  });

  test("whose counts are to be told later is looked at again then", async () => {
    const { seePods, reconcile, clock, status } = await mirrored();
    await clock.advance(4_000);
    seePods(pod({ name: "web-2" }));
    expect(await reconcile(key)).toEqual(requeueAfter(6_000));
    await clock.advance(6_000);
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(status()).toMatchObject({ peerCount: 3, lastChangeTime: "2026-11-23T18:00:04.000Z" });
  });
});

describe("what the API server refuses is a condition, and tried again where that may help", () => {
  const create = `create configmaps ${key}`;
  const forbidden = (message: string) => ({ code: 403, reason: "Forbidden", message });

  test.each([
    ["a quota", forbidden("exceeded quota: few"), "False QuotaExceeded", undefined, requeueAfter(10_000)],
    ["missing rights", forbidden("no rights"), "False Forbidden", undefined, requeueAfter(10_000)],
    [
      "a terminating namespace",
      forbidden("it is being terminated"),
      "False NamespaceTerminating",
      undefined,
      awaitChange,
    ],
    ["a bad object", { code: 422, reason: "Invalid", message: "bad" }, "False Rejected", "True Rejected", awaitChange],
  ])("%s", async (_, refusal, ready, stalled, action) => {
    const { putMirror, seePods, reconcile, refuse, condition, status, clock, requests } = rig();
    putMirror();
    seePods(web0);
    refuse(create, refusal);
    expect(await reconcile(key)).toEqual(action);
    expect([condition("Ready"), condition("Stalled")]).toEqual([ready, stalled]);
    expect(status()).toMatchObject({ peerCount: 0, shardCount: 0 });
    refuse(create, undefined);
    const before = requests.length;
    await reconcile(key);
    expect([requests.length, condition("Ready")]).toEqual([before, ready]);
    await clock.advance(10_000);
    expect(await reconcile(key)).toEqual(awaitChange);
    expect([condition("Ready"), condition("Stalled")]).toEqual(["True InSync", undefined]);
  });

  test("somebody else's ConfigMap stays untouched, and is looked at again every ten seconds", async () => {
    const { put, putMirror, seePods, reconcile, data, condition, end, clock } = rig();
    put(configMaps, configMapObject({ owner: mirror({ name: "other" }), data: { theirs: "1" } }));
    putMirror();
    seePods(web0);
    expect(await reconcile(key)).toEqual(requeueAfter(10_000));
    expect([data(), condition("Ready")]).toEqual([{ theirs: "1" }, "False TargetConflict"]);
    end(configMaps, target);
    await clock.advance(10_000);
    await reconcile(key);
    expect([data(), condition("Ready")]).toEqual([{ "web-0_ip": "10.0.0.1" }, "True InSync"]);
  });

  test("an API server that is away fails the pass, and no status is guessed", async () => {
    const { putMirror, reconcile, refuse, status } = rig();
    putMirror();
    refuse(create, { code: 503, reason: "ServiceUnavailable", message: "away" });
    await expect(reconcile(key)).rejects.toMatchObject({ code: "unavailable" });
    expect(status()).toEqual({});
  });

  test("a fault that lasts for ten seconds is told, and no more once it has passed", async () => {
    const { seePods, reconcile, refuse, clock, condition } = await mirrored();
    refuse(`replace configmaps ${key}`, { code: 500, reason: "InternalError", message: "a webhook failed" });
    seePods({ ...web1, podIP: "10.0.0.3" });
    await expect(reconcile(key)).rejects.toMatchObject({ code: "internal" });
    expect(condition("Ready")).toBe("True InSync");
    await clock.advance(10_000);
    await expect(reconcile(key)).rejects.toMatchObject({ code: "internal" });
    expect(condition("Ready")).toBe("False WriteFailed");
    refuse(`replace configmaps ${key}`, undefined);
    await reconcile(key);
    expect(condition("Ready")).toBe("True InSync");
  });

  test("a shard that can't be created doesn't hold up the one whose peers would move there", async () => {
    const { putMirror, seePods, reconcile, refuse, clock, data, condition } = await mirrored();
    refuse(`create configmaps ${key}-1`, forbidden("exceeded quota: few"));
    putMirror({ generation: 2, spec: { output: { peersPerShard: 1 } } });
    await reconcile(key);
    expect(condition("Ready")).toBe("False QuotaExceeded");
    seePods({ ...web0, podIP: "10.0.0.9" });
    await reconcile(key);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.9", "web-1_ip": "10.0.0.2" });
    refuse(`create configmaps ${key}-1`, undefined);
    await clock.advance(10_000);
    await reconcile(key);
    expect([data(), data("web-peers-1")]).toEqual([{ "web-0_ip": "10.0.0.9" }, { "web-1_ip": "10.0.0.2" }]);
    expect(condition("Ready")).toBe("True InSync");
  });
});
