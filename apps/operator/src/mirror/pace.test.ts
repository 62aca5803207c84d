import { configMaps } from "@metadata-mirror/api-client";
import { describe, expect, test } from "vitest";
import { grant, pod } from "../testing/objects.ts";
import { rig } from "../testing/rig.ts";
import { running } from "../testing/running.ts";
import { metadataMirrors } from "./resources.ts";

const key = "shop/web-peers";

/** Pod `index`, whose IP, which is no IP, weighs 1,000 bytes and tells the round. */
const heavy = (index: number, round = 0) => pod({ name: `web-${index}`, podIP: `${round}`.padStart(1_000, "0") });
const heavies = (count: number, round = 0) => Array.from({ length: count }, (_, index) => heavy(index, round));
const alone = { spec: { output: { peersPerShard: 1 } } };
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("a plan that is larger than the budget", () => {
  // a write is some 2,050 bytes: four go at once, and then one each second
  const options = { bytesPerSecond: 2_050 };

  test("is begun at once, and goes on as the budget allows, until all is written", async () => {
    const { putMirror, seePods, pass, all, condition, status, stop } = running(options);
    seePods(...heavies(20));
    putMirror(alone);
    await pass(10);
    const first = all(configMaps).length;
    expect(first).toBeGreaterThanOrEqual(8);
    await pass(5_000);
    const second = all(configMaps).length;
    expect([second - first >= 4, second - first <= 6]).toEqual([true, true]);
    expect(condition("Ready")).toBe("Unknown Progressing");
    await pass(10_000);
    expect(all(configMaps)).toHaveLength(20);
    await pass(20_000);
    expect(condition("Ready")).toBe("True InSync");
    expect(status()).toMatchObject({ peerCount: 20, shardCount: 20 });
    await stop();
  });

  test("is counted as far as it is written", async () => {
    const { putMirror, seePods, pass, all, status, stop } = running(options);
    seePods(...heavies(30));
    putMirror(alone);
    await pass(1_500);
    const { shards = [], peerCount, shardCount } = status();
    const names = all(configMaps).map(({ metadata }) => metadata.name);
    expect(names.length).toBeLessThan(12);
    expect([peerCount, shardCount]).toEqual([shards.length, shards.length]);
    expect(shards.every(({ name, peers }) => peers === 1 && names.includes(name))).toBe(true);
    expect(shards.length).toBeGreaterThanOrEqual(8);
    await stop();
  });

  test("leaves turns to the other mirrors of its namespace", async () => {
    const { putMirror, seePods, pass, find, stop } = running(options);
    seePods(...heavies(30), pod({ name: "db-0", labels: { app: "db" } }));
    putMirror(alone);
    await pass(10);
    putMirror({ name: "db-peers", spec: { peers: { selector: { matchLabels: { app: "db" } } } } });
    await pass(4_000);
    expect(find(configMaps, { namespace: "shop", name: "db-peers" })).toBeDefined();
    await stop();
  });

  test("writes what was written the longest ago first, so that no ConfigMap waits for ever while others change", async () => {
    const { putMirror, seePods, pass, data, stop } = running(options);
    seePods(...heavies(6));
    putMirror(alone);
    await pass(10_000);
    for (const round of range(20)) {
      seePods(...heavies(6, round + 1));
      await pass(1_000);
    }
    const rounds = range(6).map((index) =>
      Number(Object.values(data(index === 0 ? undefined : `web-peers-${index}`) as object)[0]),
    );
    for (const round of rounds) expect(round).toBeGreaterThanOrEqual(12);
    await stop();
  });
});

describe("what a grant no longer shows", () => {
  const fields = ["metadata.name", "metadata.labels", "status.phase", "status.podIP"];
  const entry = { namespace: "office", name: "grant", object: grant("office", ["shop"], fields) };
  const spec = { ...alone.spec, peers: { selector: {}, namespaces: ["office"] } };
  const pods = range(4).map((index) => pod({ namespace: "office", name: `web-${index}`, podIP: "1".repeat(1_000) }));

  test("goes at once, though the budget is used up", async () => {
    const { stores, putMirror, seePods, pass, data, status, stop } = running({ bytesPerSecond: 500 });
    stores.grants.apply({ ...entry, resourceVersion: "1" });
    seePods(...pods.slice(0, 2));
    putMirror({ spec });
    await pass(10);
    expect(Object.keys(data() as object)).toEqual(["office__web-0_ip"]);
    seePods({ ...pods[0], podIP: "2".repeat(1_000) } as (typeof pods)[number]);
    await pass(10);
    expect(data()).toEqual({ "office__web-0_ip": "1".repeat(1_000) });
    stores.grants.remove({ ...entry, resourceVersion: "2" });
    await pass(10);
    expect([data(), data("web-peers-1")]).toEqual([{}, undefined]);
    await pass(10_000);
    expect(status()).toMatchObject({ peerCount: 0 });
    await stop();
  });

  test("goes at once, though somebody edits the ConfigMap all the time", async () => {
    const { stores, putMirror, seePods, pass, data, find, put, watch, stop } = running();
    stores.grants.apply({ ...entry, resourceVersion: "1" });
    seePods(...pods.slice(0, 1));
    putMirror({ spec });
    await pass(50);
    for (const round of range(200)) {
      const found = find(configMaps, { namespace: "shop", name: "web-peers" });
      put(configMaps, {
        ...found,
        metadata: { ...found?.metadata },
        data: { ...(data() as object), theirs: String(round) },
      });
      watch();
      await pass(10, 10);
    }
    expect(Object.keys(data() as object)).toEqual(["office__web-0_ip", "theirs"]);
    stores.grants.remove({ ...entry, resourceVersion: "2" });
    await pass(10);
    expect(data()).toEqual({});
    await stop();
  });

  test("in a loop stays within the budget and one more burst", async () => {
    const { stores, putMirror, seePods, pass, passes, stop } = running({ bytesPerSecond: 500 });
    seePods(...pods);
    putMirror({ spec });
    for (const round of range(600)) {
      const resourceVersion = String(round + 1);
      if (round % 2 === 0) stores.grants.apply({ ...entry, resourceVersion });
      else stores.grants.remove({ ...entry, resourceVersion });
      await pass(100, 100);
    }
    const bytes = passes.reduce((sum, { bytes }) => sum + bytes, 0);
    // 60 s, the burst, what may be overdrawn, and one object
    expect(bytes).toBeLessThan(500 * (60 + 8 + 8) + 3_000);
    expect(bytes).toBeGreaterThan(500 * 60);
    await stop();
  });

  test("goes before all else, and stays urgent until it is written", async () => {
    const { stores, putMirror, seePods, pass, data, stop } = running({ minWriteIntervalMs: 60_000 });
    stores.grants.apply({ ...entry, resourceVersion: "1" });
    seePods(...pods);
    putMirror({ spec });
    await pass(10);
    stores.grants.remove({ ...entry, resourceVersion: "2" });
    await pass(10);
    expect(data()).toEqual({});
    // and what comes thereafter waits as it does else
    seePods(pod({ namespace: "shop", name: "web-9" }));
    putMirror({ generation: 2, spec: { peers: { selector: {}, namespaces: ["office", "shop"] } } });
    await pass(50_000, 500);
    expect(data()).toEqual({});
    await pass(10_000, 500);
    expect(Object.keys(data() as object)).toEqual(["web-9_ip"]);
    await stop();
  });
});

describe("peers that move to another ConfigMap", () => {
  /** Two shards of which the second is about to be given up. */
  async function shrinking(bytesPerSecond = 1e9) {
    const started = running({ bytesPerSecond });
    const { seePods, putMirror, stores, pass } = started;
    seePods(...heavies(5));
    putMirror({ spec: { output: { peersPerShard: 4 } } });
    await pass(100);
    const keys = (name?: string) => Object.keys((started.data(name) ?? {}) as object);
    expect([keys().length, keys("web-peers-1")]).toEqual([4, ["web-4_ip"]]);
    for (const name of ["web-0", "web-1"]) stores.pods.remove({ namespace: "shop", name, resourceVersion: "999" });
    return { ...started, keys };
  }

  test("are in both for two seconds, which the kubelet may take to see the first", async () => {
    const { pass, keys, data, seePods, stop } = await shrinking();
    await pass(1_000);
    expect([keys(), keys("web-peers-1")]).toEqual([["web-2_ip", "web-3_ip", "web-4_ip"], ["web-4_ip"]]);
    // whatever else changes meanwhile
    seePods(heavy(2, 1));
    await pass(900);
    expect(keys("web-peers-1")).toEqual(["web-4_ip"]);
    await pass(200);
    expect([keys(), data("web-peers-1")]).toEqual([["web-2_ip", "web-3_ip", "web-4_ip"], undefined]);
    await stop();
  });

  test("leave it once it may be written, though the budget holds that back when their time has come", async () => {
    const { pass, keys, data, seePods, stop } = await shrinking(1_000);
    await pass(9_000);
    for (const round of range(8)) {
      seePods(heavy(2, round + 1));
      await pass(1_000);
    }
    await pass(10_000);
    expect([keys(), data("web-peers-1")]).toEqual([["web-2_ip", "web-3_ip", "web-4_ip"], undefined]);
    await stop();
  });
});

describe("a mirror that takes long to plan", () => {
  test("is planned at once after a quiet time, and then rests for three times as long", async () => {
    const { clock, putMirror, seePods, reconcile, data } = rig({ planMs: 40 });
    putMirror();
    seePods(pod({ podIP: "10.0.0.1" }));
    await reconcile(key);
    seePods(pod({ podIP: "10.0.0.2" }));
    await clock.advance(50);
    expect(await reconcile(key)).toEqual({ type: "requeueAfter", ms: 70 });
    expect(data()).toEqual({ "web-0_ip": "10.0.0.1" });
    await clock.advance(70);
    await reconcile(key);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.2" });
  });

  test("that is planned in no time doesn't rest", async () => {
    const { putMirror, seePods, reconcile, data } = rig({ planMs: 2 });
    putMirror();
    seePods(pod({ podIP: "10.0.0.1" }));
    await reconcile(key);
    seePods(pod({ podIP: "10.0.0.2" }));
    await reconcile(key);
    expect(data()).toEqual({ "web-0_ip": "10.0.0.2" });
  });

  test("that changes all the time takes a quarter of the time, and its last change is written", async () => {
    const { clock, putMirror, seePods, pass, passes, data, stop } = running({ planMs: 30 });
    putMirror();
    const start = clock.monotonic();
    for (const round of range(1_000)) {
      seePods(pod({ podIP: `10.0.${Math.floor(round / 250)}.${round % 250}` }));
      await pass(10, 10);
    }
    // the clock goes on by the time of planning too
    const planned = clock.monotonic() - start - 10_000;
    expect(planned / (clock.monotonic() - start)).toBeLessThan(0.26);
    expect(passes.length).toBeGreaterThan(80);
    await pass(500);
    expect(data()).toEqual({ "web-0_ip": "10.0.3.249" });
    await stop();
  });

  test("and nine others of its namespace take a quarter of the time together, none starves, and another namespace doesn't wait", async () => {
    const { clock, putMirror, seePods, pass, passes, find, stop } = running({ planMs: 50 });
    const names = range(10).map((index) => `peers-${index}`);
    for (const name of names) putMirror({ name });
    putMirror({ namespace: "office", name: "peers" });
    const start = clock.monotonic();
    for (const round of range(2_000)) {
      const podIP = `10.0.${Math.floor(round / 250)}.${round % 250}`;
      seePods(pod({ podIP }));
      if (round % 100 === 0) seePods(pod({ namespace: "office", podIP }));
      await pass(10, 10);
      if (round % 100 !== 0) continue;
      expect(find(configMaps, { namespace: "office", name: "peers" })?.["data"]).toEqual({ "web-0_ip": podIP });
    }
    const counts = names.map((name) => passes.filter((report) => report.key === `shop/${name}`).length);
    const elapsed = clock.monotonic() - start;
    const share = (counts.reduce((sum, count) => sum + count, 0) * 50) / elapsed;
    expect([share > 0.2, share < 0.26]).toEqual([true, true]);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
    await stop();
  });

  test("does not rest while it shows what is no longer granted", async () => {
    const { stores, putMirror, seePods, reconcile, data } = rig({ planMs: 40 });
    const fields = ["metadata.name", "metadata.labels", "status.phase", "status.podIP"];
    const entry = { namespace: "office", name: "grant", object: grant("office", ["shop"], fields) };
    stores.grants.apply({ ...entry, resourceVersion: "1" });
    seePods(pod({ namespace: "office" }));
    putMirror({ spec: { peers: { selector: {}, namespaces: ["office"] } } });
    await reconcile(key);
    stores.grants.remove({ ...entry, resourceVersion: "2" });
    await reconcile(key);
    expect(data()).toEqual({});
  });
});

describe("somebody who changes our ConfigMap", () => {
  const target = { namespace: "shop", name: "web-peers" };
  const isWrite = (request: string) => request.endsWith(" configmaps shop/web-peers");

  /** Somebody's data in place of ours, told by the watch. */
  function meddle({ find, put, watch }: ReturnType<typeof running>, round: number): void {
    const found = find(configMaps, target);
    if (found !== undefined) put(configMaps, { ...found, data: { theirs: String(round) } });
    watch();
  }

  async function mirrored() {
    const started = running();
    started.seePods(pod());
    started.putMirror();
    await started.pass(50);
    return started;
  }

  test("once is put right at once", async () => {
    const started = await mirrored();
    meddle(started, 1);
    await started.pass(1, 1);
    expect(started.data()).toEqual({ "web-0_ip": "10.0.0.1" });
    await started.stop();
  });

  test("all the time is put right less and less often, at least every 5 s, and once more after that", async () => {
    const started = await mirrored();
    const before = started.requests.filter(isWrite).length;
    for (const round of range(6_000)) {
      meddle(started, round);
      await started.pass(10, 10);
    }
    const writes = started.requests.filter(isWrite).length - before;
    expect(writes).toBeGreaterThanOrEqual(12);
    expect(writes).toBeLessThan(40);
    await started.pass(5_100);
    expect(started.data()).toEqual({ "web-0_ip": "10.0.0.1" });
    await started.stop();
  });

  test("or who deletes it all the time is no reason to write as fast as we can either", async () => {
    const started = await mirrored();
    const before = started.requests.filter(isWrite).length;
    for (let round = 0; round < 3_000; round++) {
      started.end(configMaps, target);
      await started.pass(10, 10);
    }
    expect(started.requests.filter(isWrite).length - before).toBeLessThan(40);
    await started.stop();
  });

  test("in its labels only, such as another controller that marks it after each write, doesn't slow us down", async () => {
    const started = await mirrored();
    for (const round of range(50)) {
      started.seePods(pod({ podIP: `10.0.0.${round}` }));
      await started.pass(1, 1);
      expect(started.data()).toEqual({ "web-0_ip": `10.0.0.${round}` });
      const found = started.find(configMaps, target);
      started.put(configMaps, {
        ...found,
        metadata: { ...found?.metadata, annotations: { ...found?.metadata.annotations, mark: String(round) } },
      });
      await started.pass(1, 1);
    }
    await started.stop();
  });

  test("in one shard of many doesn't hold up the others", async () => {
    const started = running();
    started.seePods(pod(), pod({ name: "web-1" }));
    started.putMirror(alone);
    await started.pass(50);
    for (const round of range(100)) {
      meddle(started, round);
      started.seePods(pod({ name: "web-1", podIP: `10.0.1.${round}` }));
      await started.pass(10, 10);
      expect(started.data("web-peers-1")).toEqual({ "web-1_ip": `10.0.1.${round}` });
    }
    await started.stop();
  });
});

describe("writes that fail", () => {
  const patch = `replace configmaps ${key}`;

  test("are tried again less and less often, however often their peers change, and succeed soon after", async () => {
    const { seePods, putMirror, pass, refuse, requests, data, condition, stop } = running();
    seePods(pod());
    putMirror();
    await pass(50);
    refuse(patch, { code: 500, reason: "InternalError", message: "a webhook failed" });
    const before = requests.length;
    for (const round of range(3_000)) {
      seePods(pod({ podIP: `10.0.1.${round % 250}` }));
      await pass(10, 10);
    }
    expect(requests.slice(before).filter((request) => request === patch).length).toBeLessThan(30);
    expect(condition("Ready")).toBe("False WriteFailed");
    refuse(patch, undefined);
    await pass(5_100);
    expect([data(), condition("Ready")]).toEqual([{ "web-0_ip": "10.0.1.249" }, "True InSync"]);
    await stop();
  });

  test("are forgotten where they are needed no longer", async () => {
    const { seePods, putMirror, pass, refuse, condition, stop } = running();
    seePods(pod());
    putMirror();
    await pass(50);
    refuse(patch, { code: 500, reason: "InternalError", message: "a webhook failed" });
    seePods(pod({ podIP: "10.0.0.9" }));
    await pass(5_000);
    seePods(pod());
    await pass(20_000);
    seePods(pod({ annotations: { shown: "nowhere" } }));
    await pass(50);
    expect(condition("Ready")).toBe("True InSync");
    await stop();
  });

  test("wait for as long as the API server says", async () => {
    const { seePods, putMirror, pass, refuse, requests, stop } = running();
    seePods(pod());
    putMirror();
    await pass(50);
    const details = { retryAfterSeconds: 30 };
    refuse(patch, { code: 429, reason: "TooManyRequests", message: "slow down", details });
    const before = requests.length;
    for (const round of range(290)) {
      seePods(pod({ podIP: `10.0.1.${round % 250}` }));
      await pass(100, 100);
    }
    expect(requests.slice(before).filter((request) => request === patch)).toHaveLength(1);
    await stop();
  });

  test("of a status are no reason to write it all the time, nor to stop mirroring", async () => {
    const { seePods, putMirror, pass, refuse, requests, data, stop } = running();
    const status = `patch metadatamirrors/status ${key}`;
    refuse(status, { code: 500, reason: "InternalError", message: "a webhook failed" });
    seePods(pod());
    putMirror();
    for (const round of range(1_000)) {
      seePods(pod({ podIP: `10.0.1.${round % 250}` }));
      await pass(10, 10);
    }
    expect(requests.filter((request) => request === status).length).toBeLessThanOrEqual(11);
    expect(data()).toEqual({ "web-0_ip": "10.0.1.249" });
    await stop();
  });
});

test("a quota that is used up is asked every ten seconds, and the other shards stay in sync", async () => {
  const { seePods, putMirror, pass, refuse, requests, data, condition, end, stop } = running();
  const create = `create configmaps ${key}-1`;
  refuse(create, { code: 403, reason: "Forbidden", message: "exceeded quota: few" });
  seePods(pod(), pod({ name: "web-1" }));
  putMirror(alone);
  for (const round of range(3_000)) {
    seePods(pod({ podIP: `10.0.1.${round % 250}` }));
    await pass(10, 10);
  }
  // at 0, 10, 20 and 30 s
  expect(requests.filter((request) => request === create)).toHaveLength(4);
  expect([data(), condition("Ready")]).toEqual([{ "web-0_ip": "10.0.1.249" }, "False QuotaExceeded"]);
  refuse(create, undefined);
  await pass(10_000);
  expect([data("web-peers-1"), condition("Ready")]).toEqual([{ "web-1_ip": "10.0.0.1" }, "True InSync"]);
  end(metadataMirrors, { namespace: "shop", name: "web-peers" });
  await stop();
});

test("a shard whose peers can't move to another, since there is no quota for that, doesn't wait to be told of its own changes", async () => {
  const { seePods, putMirror, pass, refuse, data, stop } = running();
  seePods(pod(), pod({ name: "web-1" }));
  putMirror();
  await pass(50);
  refuse(`create configmaps ${key}-1`, { code: 403, reason: "Forbidden", message: "exceeded quota: few" });
  seePods(pod({ podIP: "10.0.0.9" }));
  putMirror({ generation: 2, ...alone });
  await pass(100);
  expect(data()).toEqual({ "web-0_ip": "10.0.0.9", "web-1_ip": "10.0.0.1" });
  await stop();
});
