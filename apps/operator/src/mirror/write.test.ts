import { isDeepStrictEqual } from "node:util";
import { configMaps } from "@metadata-mirror/api-client";
import type { ConfigMapState, Plan, ReadableMirror, Removal, ShardWrite } from "@metadata-mirror/metadata-model";
import { describe, expect, test } from "vitest";
import { createStore } from "../runtime/store.ts";
import { fakeApi } from "../testing/fake-api.ts";
import { configMapObject, mirror } from "../testing/objects.ts";
import { digest } from "./digest.ts";
import { jobsOf } from "./write.ts";
import { type Gate, writePlan } from "./write-plan.ts";

const owner = mirror() as ReadableMirror;
const ours = (name: string) => configMapObject({ name, label: owner.name, owner, data: { a: "1" } });
const quota = { code: 403, reason: "Forbidden", message: "exceeded quota: few" };

function start() {
  const api = fakeApi();
  const store = createStore<ConfigMapState>({ same: isDeepStrictEqual, onChange: () => undefined });
  const run = (plan: Partial<Plan>, client = api.client) =>
    writePlan(jobsOf({ ...empty, ...plan }, owner, { client, configMaps: store }), open);
  const data = (name: string) => api.find(configMaps, { namespace: "shop", name })?.["data"];
  const known = (name: string) => store.get("shop", name);
  return { ...api, run, data, known };
}

const open: Gate = { admit: () => ({ type: "admitted", undo: () => undefined }), rank: () => 0 };

const empty: Plan = {
  create: [],
  patch: [],
  remove: [],
  problems: [],
  waiting: [],
  status: { peerCount: 0, shards: [], findings: [] },
};

function write(name: string, values: Record<string, string>, body: object): ShardWrite {
  const entries = Object.entries(values).map(
    ([key, value]) => [key, { value, digest: digest(value), bytes: value.length }] as const,
  );
  const held = {
    digests: new Map(Object.entries(values).map(([key, value]) => [key, digest(value)])),
    sizes: new Map(Object.entries(values).map(([key, value]) => [key, value.length])),
  };
  const data = { values: new Map(entries), kept: new Set<string>(), own: "", placement: "", size: 10 };
  return { name, body, data, held, restBytes: 0, move: "none" };
}
function creation(name: string): ShardWrite {
  return write(name, { a: "1" }, ours(name));
}
/** Sets `a` to 2, if the ConfigMap is still of `version`. */
function patchOf(name: string, version: string | undefined): ShardWrite {
  const body = { metadata: { resourceVersion: version }, data: { a: "2" } };
  return write(name, { a: "2" }, body);
}

function removal(name: string, uid: string, resourceVersion: string): Removal {
  return { name, uid, resourceVersion, move: "none" };
}

test("a write is charged for all that is stored anew: the data, what is kept of it, and what others put on the ConfigMap", () => {
  const { data, held, ...rest } = patchOf("web", "1");
  const kept = { ...data, kept: new Set(["a.cfg"]) };
  const sizes = new Map([...held.sizes, ["a.cfg", 300]]);
  const plan = { ...empty, patch: [{ ...rest, data: kept, held: { ...held, sizes }, restBytes: 5_000 }] };
  const store = createStore<ConfigMapState>({ same: isDeepStrictEqual, onChange: () => undefined });
  const [job] = jobsOf(plan, owner, { client: fakeApi().client, configMaps: store });
  expect(job?.bytes).toBe(1024 + 10 + 300 + 5_000);
});

describe("what the API server takes", () => {
  test("is stored, and known at once, as the next plan compares it", async () => {
    const { put, run, data, known } = start();
    const { metadata } = put(configMaps, ours("web-1"));
    const done = await run({ create: [creation("web")], patch: [patchOf("web-1", metadata.resourceVersion)] });
    const all = { written: 2, bytes: 2 * (1024 + 10), problems: [], fault: undefined, complete: true };
    expect(done).toMatchObject(all);
    expect([data("web"), data("web-1")]).toEqual([{ a: "1" }, { a: "2" }]);
    expect(known("web")).toMatchObject({ mirror: owner.name, digests: new Map([["a", digest("1")]]) });
    expect(known("web-1")).toMatchObject({ resourceVersion: "3", digests: new Map([["a", digest("2")]]) });
  });

  test("is removed, if it is still what was seen", async () => {
    const { put, run, data } = start();
    const { uid = "", resourceVersion = "" } = put(configMaps, ours("web-1")).metadata;
    expect(await run({ remove: [removal("web-1", uid, resourceVersion)] })).toMatchObject({ written: 1 });
    expect(data("web-1")).toBeUndefined();
  });

  test("a ConfigMap that is gone is known to be, also where the watch can't tell", async () => {
    const { put, run, known, end } = start();
    put(configMaps, configMapObject({ name: "web", owner, data: { a: "by hand" } }));
    await run({ create: [creation("web")] });
    const seen = known("web")?.resourceVersion;
    end(configMaps, { namespace: "shop", name: "web" });
    expect(await run({ patch: [patchOf("web", seen)] })).toMatchObject({ written: 0, fault: { code: "not-found" } });
    expect(known("web")).toBeUndefined();
  });

  test("a removal of what is gone already is as good as done", async () => {
    const { run } = start();
    const done = await run({ remove: [removal("web-1", "u", "1")] });
    expect(done).toMatchObject({ written: 0, problems: [], fault: undefined });
  });

  test("nothing is written for an empty plan", async () => {
    const { run, requests } = start();
    expect(await run({})).toMatchObject({ done: [], written: 0, bytes: 0, complete: true });
    expect(requests).toEqual([]);
  });
});

describe("a ConfigMap of which all is known", () => {
  /** The same, and all that comes of it. */
  const replacementOf = (name: string, version: string | undefined): ShardWrite => {
    const { metadata } = ours(name);
    return {
      ...patchOf(name, version),
      whole: { metadata: { ...metadata, resourceVersion: version }, data: { a: "2" } },
    };
  };

  test("is replaced, and not patched", async () => {
    const { put, run, data, known, requests } = start();
    const { resourceVersion } = put(configMaps, ours("web")).metadata;
    expect(await run({ patch: [replacementOf("web", resourceVersion)] })).toMatchObject({ written: 1, complete: true });
    expect(requests).toEqual(["replace configmaps shop/web"]);
    expect(data("web")).toEqual({ a: "2" });
    expect(known("web")).toMatchObject({ resourceVersion: "2", digests: new Map([["a", digest("2")]]) });
  });

  test("is left as it is where it has changed since it was seen", async () => {
    const { put, run, data } = start();
    put(configMaps, ours("web"));
    expect(await run({ patch: [replacementOf("web", "0")] })).toMatchObject({
      written: 0,
      fault: { code: "conflict" },
    });
    expect(data("web")).toEqual({ a: "1" });
  });

  test("takes the right to update", async () => {
    const { put, run, refuse } = start();
    const { resourceVersion } = put(configMaps, ours("web")).metadata;
    refuse("replace configmaps shop/web", { code: 403, reason: "Forbidden", message: "no rights" });
    const message = expect.stringContaining("give it the right to update configmaps");
    const plan = { patch: [replacementOf("web", resourceVersion)] };
    expect(await run(plan)).toMatchObject({ problems: [{ reason: "Forbidden", message }] });
  });
});

describe("a ConfigMap that has changed since it was seen is left as it is, and the plan is to be made anew", () => {
  test("a patch", async () => {
    const { put, run, data } = start();
    put(configMaps, ours("web"));
    const done = await run({ patch: [patchOf("web", "0")] });
    expect(done).toMatchObject({ written: 0, problems: [], fault: { code: "conflict" } });
    expect(data("web")).toEqual({ a: "1" });
  });

  test.each([
    ["by another version", { resourceVersion: "0" }],
    ["by another ConfigMap of that name", { uid: "another" }],
  ])("a removal: %s", async (_, seen) => {
    const { put, run, data } = start();
    const { uid = "", resourceVersion = "" } = put(configMaps, ours("web-1")).metadata;
    const done = await run({ remove: [{ ...removal("web-1", uid, resourceVersion), ...seen }] });
    expect(done).toMatchObject({ written: 0, fault: { code: "conflict" } });
    expect(data("web-1")).toEqual({ a: "1" });
  });
});

describe("where something stands already that the watch does not show", () => {
  test("one of ours that lost its label is known then, so that the next plan mends it", async () => {
    const { put, run, known } = start();
    put(configMaps, configMapObject({ name: "web", owner, data: { a: "by hand" } }));
    const done = await run({ create: [creation("web")] });
    expect(done).toMatchObject({ written: 0, problems: [], fault: { code: "already-exists" } });
    expect(known("web")).toMatchObject({ mirror: undefined, digests: new Map([["a", digest("by hand")]]) });
  });

  test.each([
    ["TargetConflict", configMapObject({ name: "web", data: { a: "somebody's" } })],
    ["TargetConflict", configMapObject({ name: "web", owner: mirror({ name: "other" }), data: { a: "somebody's" } })],
    ["TargetLeaving", configMapObject({ name: "web", owner: mirror({ uid: "old" }), data: { a: "somebody's" } })],
    [
      "TargetLeaving",
      configMapObject({ name: "web", owner, data: { a: "somebody's" }, deletionTimestamp: "2026-11-23" }),
    ],
  ])("one that isn't ours is %s, and stays untouched and unknown", async (reason, object) => {
    const { put, run, data, known } = start();
    put(configMaps, object);
    const done = await run({ create: [creation("web")] });
    expect(done).toMatchObject({ written: 0, problems: [{ reason, configMap: "web" }], fault: undefined });
    expect([data("web"), known("web")]).toEqual([{ a: "somebody's" }, undefined]);
  });

  test("one that went in that moment is a passing fault", async () => {
    const { run, refuse } = start();
    refuse("create configmaps shop/web", { code: 409, reason: "AlreadyExists", message: "it is there" });
    expect(await run({ create: [creation("web")] })).toMatchObject({ problems: [], fault: { code: "not-found" } });
  });
});

describe("what the API server refuses", () => {
  test.each([
    ["create", "QuotaExceeded", quota],
    ["create", "NamespaceTerminating", { ...quota, message: "the namespace is being terminated" }],
    ["patch", "Forbidden", { ...quota, message: "no rights" }],
    ["patch", "Rejected", { code: 422, reason: "Invalid", message: "too long" }],
    ["delete", "Forbidden", { ...quota, message: "no rights" }],
  ])("at a %s is the problem %s", async (verb, reason, refusal) => {
    const { run, refuse, put } = start();
    const { uid = "", resourceVersion = "" } = put(configMaps, ours("web-1")).metadata;
    refuse(`${verb} configmaps shop/${verb === "create" ? "web" : "web-1"}`, refusal);
    const plans: Record<string, Partial<Plan>> = {
      create: { create: [creation("web")] },
      patch: { patch: [patchOf("web-1", resourceVersion)] },
      delete: { remove: [removal("web-1", uid, resourceVersion)] },
    };
    expect(await run(plans[verb] ?? {})).toMatchObject({ written: 0, problems: [{ reason }], fault: undefined });
  });

  test("of one ConfigMap does not stop the others", async () => {
    const { run, refuse, data, put } = start();
    const { resourceVersion } = put(configMaps, ours("web-2")).metadata;
    refuse("create configmaps shop/web", quota);
    const done = await run({
      create: [creation("web"), creation("web-1")],
      patch: [patchOf("web-2", resourceVersion), patchOf("web-9", "1")],
    });
    expect(done).toMatchObject({ written: 2, problems: [{ configMap: "web" }], fault: { code: "not-found" } });
    expect([data("web"), data("web-1"), data("web-2")]).toEqual([undefined, { a: "1" }, { a: "2" }]);
  });

  test("or what breaks in any other way never throws", async () => {
    const { run, client } = start();
    const broken = { ...client, create: () => Promise.reject(new TypeError("odd")) };
    expect(await run({ create: [creation("web")] }, broken)).toMatchObject({ written: 0, fault: { code: "unknown" } });
  });
});
