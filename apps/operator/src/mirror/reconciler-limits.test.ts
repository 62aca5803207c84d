import { configMaps } from "@metadata-mirror/api-client";
import { describe, expect, test } from "vitest";
import { awaitChange, requeueAfter } from "../runtime/action.ts";
import { grant, pod } from "../testing/objects.ts";
import { type RigOptions, rig } from "../testing/rig.ts";
import { metadataMirrors } from "./resources.ts";

const key = "shop/web-peers";
const target = { namespace: "shop", name: "web-peers" };
const address = (podIP: string) => pod({ name: "web-0", podIP });
const held = (podIP: string) => ({ "web-0_ip": podIP });

/** A mirror that was not looked at yet. */
function rigOf(options: RigOptions) {
  const started = rig(options);
  started.putMirror();
  return started;
}

/** A mirror of one pod that has just been written for the first time, at 0. */
async function written(options: RigOptions) {
  const started = rigOf(options);
  started.seePods(address("10.0.0.1"));
  await started.reconcile(key);
  return started;
}

describe("with a least time between writes", () => {
  const options = { minWriteIntervalMs: 100_000 };

  test("the next write comes after that, with all that came meanwhile", async () => {
    const { clock, seePods, reconcile, data, passes, condition } = await written(options);
    await clock.advance(10_000);
    seePods(address("10.0.0.2"));
    expect(await reconcile(key)).toEqual(requeueAfter(90_000));
    seePods(address("10.0.0.3"));
    await clock.advance(89_999);
    expect(await reconcile(key)).toEqual(requeueAfter(1));
    expect([data(), condition("Ready")]).toEqual([held("10.0.0.1"), "True InSync"]);
    await clock.advance(1);
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(data()).toEqual(held("10.0.0.3"));
    expect(passes.map((pass) => pass.written)).toEqual([1, 1]);
  });

  test("what a grant no longer shows goes at once, and so does the condition", async () => {
    const { stores, putMirror, seePods, reconcile, data, condition } = rig(options);
    const granted = grant("office", ["shop"], ["metadata.name", "metadata.labels", "status.phase", "status.podIP"]);
    const entry = { namespace: "office", name: "grant", resourceVersion: "1", object: granted };
    stores.grants.apply(entry);
    putMirror({ spec: { peers: { selector: { matchLabels: { app: "web" } }, namespaces: ["office"] } } });
    seePods(pod({ namespace: "office", name: "web-0" }));
    await reconcile(key);
    expect([Object.keys(data() as object), condition("Authorized")]).toEqual([["office__web-0_ip"], "True Granted"]);
    stores.grants.remove({ ...entry, resourceVersion: "2" });
    await reconcile(key);
    expect([data(), condition("Authorized")]).toEqual([{}, "False GrantMissing"]);
  });

  test("a pass that has nothing to write does not wait", async () => {
    const { reconcile } = await written(options);
    expect(await reconcile(key)).toEqual(awaitChange);
  });

  test("it is kept from one generation of the mirror to the next", async () => {
    const { putMirror, reconcile } = await written(options);
    putMirror({ generation: 2, spec: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } });
    expect(await reconcile(key)).toEqual(requeueAfter(100_000));
  });

  test("a mirror that went and came again, or another of its name, waits for nothing", async () => {
    const { putMirror, end, watch, reconcile, requests } = await written(options);
    end(configMaps, target);
    end(metadataMirrors, target);
    watch();
    await reconcile(key);
    putMirror();
    expect(await reconcile(key)).toEqual(awaitChange);
    end(configMaps, target);
    putMirror({ uid: "another" });
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(requests.filter((request) => request === `create configmaps ${key}`)).toHaveLength(3);
  });

  test("a quiet mirror is written at once", async () => {
    const { clock, seePods, reconcile, data } = await written(options);
    await clock.advance(100_000);
    seePods(address("10.0.0.2"));
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(data()).toEqual(held("10.0.0.2"));
  });
});

describe("past the budget of stored bytes", () => {
  // the first write, 1,059 bytes, is 8 seconds' worth and a bit
  const slow = { bytesPerSecond: 132 };
  // … and here 11 seconds' worth, of which 8 are there
  const slower = { bytesPerSecond: 100 };

  test("a short wait is nothing to speak of: the write comes a moment later", async () => {
    const { clock, seePods, reconcile, data, throttles, condition } = await written(slow);
    seePods(address("10.0.0.2"));
    const action = await reconcile(key);
    const [waitMs = 0, ...more] = throttles;
    expect([waitMs > 0, waitMs <= 1_000, more]).toEqual([true, true, []]);
    expect(action).toEqual(requeueAfter(waitMs));
    await clock.advance(waitMs);
    await reconcile(key);
    expect([data(), condition("Ready")]).toEqual([held("10.0.0.2"), "True InSync"]);
  });

  test("a long wait is said, and what is not written yet is not counted", async () => {
    const { seePods, reconcile, data, throttles, condition, status, passes } = await written(slower);
    seePods(address("10.0.0.2"), pod({ name: "web-1" }));
    expect(await reconcile(key)).toEqual(requeueAfter(throttles[0] ?? 0));
    expect(throttles[0]).toBeGreaterThan(1_000);
    expect([data(), condition("Ready")]).toEqual([held("10.0.0.1"), "True Throttled"]);
    expect(status()).toMatchObject({ peerCount: 1, shards: [{ name: "web-peers", peers: 1 }] });
    expect(passes).toHaveLength(1);
  });

  test("a generation of which nothing is written yet is not said to be ready", async () => {
    const { putMirror, reconcile, condition, status } = await written(slower);
    putMirror({
      generation: 2,
      spec: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] },
      status: status(),
    });
    await reconcile(key);
    expect(condition("Ready")).toBe("Unknown Progressing");
  });

  test("what the API server refuses is not charged", async () => {
    const { seePods, reconcile, refuse, throttles, clock } = rigOf(slower);
    refuse(`create configmaps ${key}`, { code: 403, reason: "Forbidden", message: "exceeded quota: few" });
    for (let round = 0; round < 20; round++) {
      seePods(address(`10.0.0.${round}`));
      await reconcile(key);
      await clock.advance(10_000);
    }
    expect(throttles).toEqual([]);
  });

  test("once the waiting is over it is written, and some time later no longer spoken of", async () => {
    const { clock, seePods, reconcile, data, throttles, condition } = await written(slower);
    seePods(address("10.0.0.2"));
    await reconcile(key);
    await clock.advance(throttles[0] ?? 0);
    await reconcile(key);
    expect([data(), condition("Ready")]).toEqual([held("10.0.0.2"), "True Throttled"]);
    await clock.advance(9_999);
    expect(await reconcile(key)).toEqual(requeueAfter(1));
    await clock.advance(1);
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(condition("Ready")).toBe("True InSync");
  });

  test("what comes while it waits joins the write, and is charged once", async () => {
    const { clock, seePods, reconcile, data, throttles, passes } = await written(slower);
    for (const podIP of ["10.0.0.2", "10.0.0.3", "10.0.0.4"]) {
      seePods(address(podIP));
      await reconcile(key);
    }
    await clock.advance(throttles.at(-1) ?? 0);
    await reconcile(key);
    expect(data()).toEqual(held("10.0.0.4"));
    expect(passes.filter((pass) => pass.written > 0)).toHaveLength(2);
  });

  test("a pass that has nothing to write is charged nothing, and waits for nothing", async () => {
    const { reconcile, throttles } = await written(slower);
    expect(await reconcile(key)).toEqual(awaitChange);
    expect(throttles).toEqual([]);
  });
});
