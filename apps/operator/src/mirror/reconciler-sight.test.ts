import type { Staleness } from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { awaitChange, requeueAfter } from "../runtime/action.ts";
import { pod } from "../testing/objects.ts";
import { rig } from "../testing/rig.ts";

const key = "shop/web-peers";
const [web0, web1] = [pod({ name: "web-0" }), pod({ name: "web-1", podIP: "10.0.0.2" })];
const both = { "web-0_ip": "10.0.0.1", "web-1_ip": "10.0.0.2" };

/** A mirror with two peers; who keeps it, and whether all its pods are seen, is the test's to say. */
async function mirrored() {
  const sight = { isOurs: true, covers: true, seesMounts: true };
  const started = rig({
    sight: {
      isOurs: () => sight.isOurs,
      covers: () => sight.covers,
      seesMounts: () => sight.seesMounts,
    },
  });
  started.putMirror({ spec: { output: { peersPerShard: 1 } } });
  started.seePods(web0, web1);
  await started.reconcile(key);
  started.watch();
  const shards = () => ({ ...(started.data() as object), ...(started.data("web-peers-1") as object) });
  expect(shards()).toEqual(both);
  return { ...started, sight, shards };
}

test.each(["covers", "isOurs"] as const)(
  "a mirror for which %s is false is left as it is, and followed once it isn't",
  async (what) => {
    const { sight, stores, reconcile, requests, shards } = await mirrored();
    sight[what] = false;
    stores.pods.swap("", [], "9");
    const before = requests.length;
    expect(await reconcile(key)).toEqual(awaitChange);
    expect([requests.length, shards()]).toEqual([before, both]);
    sight[what] = true;
    await reconcile(key);
    expect(shards()).toEqual({});
  },
);

test("a ConfigMap that is needed no longer is emptied while not every pod is seen, and removed once all are and none mounts it", async () => {
  const { sight, seePods, reconcile, watch, data } = await mirrored();
  sight.seesMounts = false;
  seePods({ ...web1, labels: {} });
  await reconcile(key);
  watch();
  expect([data(), data("web-peers-1")]).toEqual([{ "web-0_ip": "10.0.0.1" }, {}]);
  sight.seesMounts = true;
  await reconcile(key);
  expect(data("web-peers-1")).toBeUndefined();
});

const stale: Staleness = {
  resource: "pods",
  namespace: "shop",
  lastContact: "2026-11-23T17:57:00Z",
  fault: "it went silent",
};

/** A mirror whose watches follow, or not, as the test says, and whether all its pods are seen. */
function followed() {
  const sight: { staleness: Staleness | undefined; covers: boolean } = { staleness: undefined, covers: true };
  const started = rig({ sight: { staleness: () => sight.staleness, covers: () => sight.covers } });
  started.putMirror();
  started.seePods(web0);
  const pass = async () => {
    await started.reconcile(key);
    started.watch();
    return started.condition("Fresh");
  };
  const message = () => started.status().conditions?.find(({ type }) => type === "Fresh")?.message;
  return { ...started, sight, pass, message };
}

test("the status tells when a watch follows no longer, and when it does again, and each once", async () => {
  const { sight, clock, pass, message, requests, data } = followed();
  expect(await pass()).toBe("True UpToDate");
  const before = requests.length;
  for (const time of [0, 60_000]) {
    await clock.advance(time);
    expect(await pass()).toBe("True UpToDate");
  }
  expect(requests.length).toBe(before);
  sight.staleness = stale;
  expect(await pass()).toBe("False Stale");
  expect(message()).toContain("pods in namespace shop has told nothing since 2026-11-23T17:57:00Z");
  await clock.advance(60_000);
  await pass();
  sight.staleness = undefined;
  expect(await pass()).toBe("True UpToDate");
  const patch = "patch metadatamirrors/status shop/web-peers";
  expect(requests.slice(before)).toEqual([patch, patch]);
  expect(data()).toEqual({ "web-0_ip": "10.0.0.1" });
});

test("a mirror that waits for pods whose watch does not follow says so, and what was found before stands", async () => {
  const { sight, pass, condition, status } = followed();
  await pass();
  const { peerCount, observedGeneration } = status();
  Object.assign(sight, { covers: false, staleness: stale });
  expect(await pass()).toBe("False Stale");
  expect([condition("Ready"), condition("Complete")]).toEqual(["True InSync", "True AllPeers"]);
  expect(status()).toMatchObject({ peerCount, observedGeneration });
  Object.assign(sight, { covers: true, staleness: undefined });
  expect(await pass()).toBe("True UpToDate");
});

test("so does a new one, which waits for the same and has no ConfigMap yet; one whose pods are on their way says nothing", async () => {
  const { sight, pass, condition, requests } = followed();
  sight.covers = false;
  expect(await pass()).toBeUndefined();
  expect(requests).toEqual([]);
  sight.staleness = stale;
  expect(await pass()).toBe("False Stale");
  expect(condition("Ready")).toBe("Unknown Progressing");
  expect(requests).toEqual(["patch metadatamirrors/status shop/web-peers"]);
});

test("what is new of the fault meanwhile is said once it may be, without another change", async () => {
  const { sight, pass, reconcile, clock, message } = followed();
  Object.assign(sight, { covers: false, staleness: stale });
  expect(await pass()).toBe("False Stale");
  await clock.advance(1_000);
  sight.staleness = { ...stale, fault: "403 Forbidden" };
  expect(await reconcile(key)).toEqual(requeueAfter(9_000));
  expect(message()).toContain("it went silent");
  await clock.advance(9_000);
  await pass();
  expect(message()).toContain("403 Forbidden");
  expect(await reconcile(key)).toEqual(awaitChange);
});

/** A mirror of two peers, a ConfigMap each, that is ours until `isLost` says that it is another operator's. */
function losing(isLost: (asked: number, requests: readonly string[]) => boolean) {
  let asked = 0;
  const started = rig({ sight: { isOurs: () => !isLost(++asked, started.requests) } });
  started.putMirror({ spec: { output: { peersPerShard: 1 } } });
  started.seePods(web0, web1);
  return started;
}

test("of a mirror that is lost between plan and write nothing is written, not even a status", async () => {
  const { reconcile, requests } = losing((asked) => asked > 1);
  await reconcile(key);
  expect(requests).toEqual([]);
});

test("of a mirror that is lost while it's written the write under way is the last", async () => {
  const { reconcile, requests, passes } = losing((_, sent) => sent.length > 0);
  await reconcile(key);
  expect(requests).toEqual(["create configmaps shop/web-peers"]);
  expect(passes).toMatchObject([{ written: 1 }]);
});
