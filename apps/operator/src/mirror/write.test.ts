import { isDeepStrictEqual } from "node:util";
import { configMaps, fakeClock } from "@metadata-mirror/api-client";
import type { ConfigMapState, Move, Plan, ReadableMirror, Removal, ShardWrite } from "@metadata-mirror/metadata-model";
import { describe, expect, test } from "vitest";
import { createStore } from "../runtime/store.ts";
import { fakeApi } from "../testing/fake-api.ts";
import { configMapObject, mirror } from "../testing/objects.ts";
import { digest } from "./digest.ts";
import { writePlan } from "./write.ts";

const owner = mirror() as ReadableMirror;
const ours = (name: string) => configMapObject({ name, label: owner.name, owner, data: { a: "1" } });
const quota = { code: 403, reason: "Forbidden", message: "exceeded quota: few" };

function start() {
  const api = fakeApi();
  const store = createStore<ConfigMapState>({ same: isDeepStrictEqual, onChange: () => undefined });
  const run = (plan: Partial<Plan>, client = api.client) =>
    writePlan({ ...empty, ...plan }, owner, { client, configMaps: store });
  const data = (name: string) => api.find(configMaps, { namespace: "shop", name })?.["data"];
  const known = (name: string) => store.get("shop", name);
  return { ...api, run, data, known };
}

const empty: Plan = {
  create: [],
  patch: [],
  remove: [],
  problems: [],
  status: { peerCount: 0, shards: [], findings: [] },
};

function write(name: string, values: Record<string, string>, body: object): ShardWrite {
  const entries = Object.entries(values).map(([key, value]) => [key, { value, digest: digest(value) }] as const);
  return { name, body, data: { values: new Map(entries), placement: "", size: 10 }, move: "none" };
}
function creation(name: string): ShardWrite {
  return write(name, { a: "1" }, ours(name));
}
/** Sets `a` to 2, if the ConfigMap is still of `version`. */
function patchOf(name: string, version: string | undefined, move: Move = "none"): ShardWrite {
  const body = { metadata: { resourceVersion: version }, data: { a: "2" } };
  return { ...write(name, { a: "2" }, body), move };
}

function removal(name: string, uid: string, resourceVersion: string, move: Move = "none"): Removal {
  return { name, uid, resourceVersion, move };
}

describe("what the API server takes", () => {
  test("is stored, and known at once, as the next plan compares it", async () => {
    const { put, run, data, known } = start();
    const { metadata } = put(configMaps, ours("web-1"));
    const done = await run({ create: [creation("web")], patch: [patchOf("web-1", metadata.resourceVersion)] });
    expect(done).toEqual({ written: 2, bytes: 2 * (1024 + 10), problems: [], fault: undefined });
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
    expect(await run({})).toEqual({ written: 0, bytes: 0, problems: [], fault: undefined });
    expect(requests).toEqual([]);
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

describe("peers move from one ConfigMap to another without being in neither", () => {
  function moving() {
    const started = start();
    const version = (name: string) => started.put(configMaps, ours(name)).metadata.resourceVersion;
    const { uid = "", resourceVersion = "" } = started.put(configMaps, ours("web-2")).metadata;
    const patch = [
      patchOf("web-3", version("web-3")),
      patchOf("web", version("web"), "gives"),
      patchOf("web-1", version("web-1"), "takes"),
    ];
    return { ...started, plan: { patch, remove: [removal("web-2", uid, resourceVersion, "gives")] } };
  }

  test("those that take them are written before those that give them and those that go", async () => {
    const { run, plan, requests } = moving();
    expect(await run(plan)).toMatchObject({ written: 4 });
    expect(requests).toEqual([
      "patch configmaps shop/web-1",
      "patch configmaps shop/web",
      "delete configmaps shop/web-2",
      "patch configmaps shop/web-3",
    ]);
  });

  test("those that give wait for a ConfigMap too that is to be created for the peers, and can't be", async () => {
    const { run, plan, data, refuse } = moving();
    refuse("create configmaps shop/web-4", quota);
    const create = [{ ...creation("web-4"), move: "takes" as const }];
    expect(await run({ ...plan, create })).toMatchObject({ written: 2, problems: [{ reason: "QuotaExceeded" }] });
    expect(data("web")).toEqual({ a: "1" });
  });

  test.each([
    ["refused", quota],
    ["not taken for now", { code: 503, reason: "ServiceUnavailable", message: "away" }],
  ])("where a taker is %s, those that give wait, and the others do not", async (_, refusal) => {
    const { run, plan, data, refuse } = moving();
    refuse("patch configmaps shop/web-1", refusal);
    expect(await run(plan)).toMatchObject({ written: 1 });
    expect([data("web"), data("web-2"), data("web-3")]).toEqual([{ a: "1" }, { a: "1" }, { a: "2" }]);
  });
});

test("not more than eight ConfigMaps of one mirror are written at once", async () => {
  const clock = fakeClock();
  const { run, client } = start();
  let underWay = 0;
  let most = 0;
  const slow: typeof client.create = async (...request) => {
    most = Math.max(most, ++underWay);
    await clock.sleep(10);
    underWay--;
    return client.create(...request);
  };
  const names = Array.from({ length: 20 }, (_, index) => `web-${index}`);
  const done = run({ create: names.map(creation) }, { ...client, create: slow });
  await clock.advance(100);
  expect(await done).toMatchObject({ written: 20 });
  expect(most).toBe(8);
});
