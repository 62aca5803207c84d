import { configMaps } from "@metadata-mirror/api-client";
import { describe, expect, test } from "vitest";
import { awaitChange, requeueAfter } from "../runtime/action.ts";
import { grant, pod } from "../testing/objects.ts";
import { type Rig, type RigOptions, rig } from "../testing/rig.ts";

const key = "shop/web-peers";
const fields = ["metadata.name", "metadata.labels", "status.phase", "status.podIP"];
const shown = { "office__web-0_ip": "10.0.0.1" };
const of = (...namespaces: readonly string[]) => ({ peers: { selector: { matchLabels: { app: "web" } }, namespaces } });

function give({ stores }: Rig, namespace = "office", to = "shop", fieldPaths: readonly string[] = fields): void {
  const object = grant(namespace, [to], fieldPaths);
  stores.grants.apply({ namespace, name: `to-${to}`, resourceVersion: "1", object });
}

function takeBack({ stores }: Rig, namespace = "office", to = "shop"): void {
  stores.grants.remove({ namespace, name: `to-${to}`, resourceVersion: "2" });
}

/** A mirror of one pod of another namespace, which was written. */
async function mirrored(options: RigOptions = {}, spec: object = of("office")): Promise<Rig> {
  const started = rig(options);
  give(started);
  started.seePods(pod({ namespace: "office" }));
  started.putMirror({ spec });
  await started.reconcile(key);
  expect(started.data()).toEqual(shown);
  started.watch();
  return started;
}

describe("a change of grants doesn't wait for the rest after planning", () => {
  test.each([
    ["unless it's of the mirror's own namespace", "shop", "shop"],
    ["unless they name another namespace than the mirror's", "office", "elsewhere"],
  ])("%s", async (_, namespace, to) => {
    // two namespaces are read
    const started = await mirrored({ planMs: 20 }, of("office", "shop"));
    const again = async (action: unknown) => expect(await started.reconcile(key)).toEqual(action);
    await again(requeueAfter(120));
    give(started, namespace, to);
    await again(requeueAfter(120));
    give(started, namespace, to, ["metadata.name"]);
    await again(requeueAfter(120));
    takeBack(started);
    await again(awaitChange);
    expect(started.data()).toEqual({});
  });

  test("unless another change of them did so less than a second ago; then it waits for that second", async () => {
    const started = await mirrored({ planMs: 400 });
    takeBack(started);
    await started.reconcile(key);
    expect(started.data()).toEqual({});
    give(started);
    expect(await started.reconcile(key)).toEqual(requeueAfter(600));
    await started.clock.advance(600);
    await started.reconcile(key);
    expect(started.data()).toEqual(shown);
  });

  test("and is not forgotten while it waits", async () => {
    const started = await mirrored({ planMs: 400, minWriteIntervalMs: 60_000 });
    give(started, "office", "shop", [...fields, "spec.nodeName"]);
    await started.reconcile(key);
    takeBack(started);
    expect(await started.reconcile(key)).toEqual(requeueAfter(600));
    await started.clock.advance(600);
    await started.reconcile(key);
    expect(started.data()).toEqual({});
  });
});

describe("a ConfigMap that the API server refused to have written", () => {
  const invalid = { code: 422, reason: "Invalid", message: "bad" };

  async function refused() {
    const started = await mirrored();
    started.refuse(`replace configmaps ${key}`, invalid);
    started.seePods(pod({ namespace: "office", podIP: "10.0.0.9" }));
    expect(await started.reconcile(key)).toEqual(awaitChange);
    expect([started.data(), started.condition("Ready")]).toEqual([shown, "False Rejected"]);
    return started;
  }

  test("is tried again at once when it may show what is no longer granted", async () => {
    const started = await refused();
    started.refuse(`replace configmaps ${key}`, undefined);
    takeBack(started);
    await started.reconcile(key);
    expect([started.data(), started.condition("Ready")]).toEqual([{}, "True InSync"]);
  });

  test("and again every ten seconds, until that is gone", async () => {
    const started = await refused();
    takeBack(started);
    expect(await started.reconcile(key)).toEqual(requeueAfter(10_000));
    started.refuse(`replace configmaps ${key}`, undefined);
    await started.clock.advance(10_000);
    expect(await started.reconcile(key)).toEqual(awaitChange);
    expect(started.data()).toEqual({});
  });
});

test("what is no longer granted leaves a shard though another that is to take peers of it over can't be written", async () => {
  const started = rig();
  const { data, putMirror, seePods, reconcile, refuse } = started;
  give(started);
  give(started, "depot");
  seePods(pod({ namespace: "depot" }), pod({ namespace: "office" }), pod({ namespace: "office", name: "web-1" }));
  putMirror({ spec: of("depot", "office") });
  await reconcile(key);
  const keys = () => Object.keys(data() as object);
  expect(keys()).toEqual(["depot__web-0_ip", "office__web-0_ip", "office__web-1_ip"]);
  refuse(`create configmaps ${key}-1`, { code: 500, reason: "InternalError", message: "a webhook failed" });
  putMirror({ generation: 2, spec: { ...of("depot", "office"), output: { peersPerShard: 1 } } });
  takeBack(started, "depot");
  await expect(reconcile(key)).rejects.toMatchObject({ code: "internal" });
  expect(keys()).not.toContain("depot__web-0_ip");
});

describe("after a restart, while the byte budget is used up", () => {
  /** The next pass of a mirror that was changed by `change` while the operator was down, after another mirror has used the budget up. */
  async function restarted(spec: object, change: (started: Rig) => void) {
    const started = rig({ bytesPerSecond: 500 });
    give(started);
    const big = pod({ name: "big", labels: { app: "big" }, podIP: "1".repeat(5_000) });
    started.seePods(pod({ namespace: "office" }), pod({ name: "web-1" }), big);
    started.putMirror({ spec });
    await started.reconcile(key);
    const reconcile = started.restart();
    change(started);
    started.putMirror({ name: "big", spec: { peers: { selector: { matchLabels: { app: "big" } } } } });
    await reconcile("shop/big");
    expect(started.find(configMaps, { namespace: "shop", name: "big" })).toBeDefined();
    await reconcile(key);
    return started;
  }

  test("what a grant gave before and gives no longer goes at once", async () => {
    const { data } = await restarted(of("office"), (started) => takeBack(started));
    expect(data()).toEqual({});
  });

  test("other changes wait", async () => {
    const { data } = await restarted({}, ({ seePods }) => seePods(pod({ name: "web-1", podIP: "10.0.0.9" })));
    expect(data()).toEqual({ "web-1_ip": "10.0.0.1" });
  });
});
