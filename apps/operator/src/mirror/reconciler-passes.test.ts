import { configMaps } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { pod } from "../testing/objects.ts";
import { rig, type RigOptions } from "../testing/rig.ts";

const key = "shop/web-peers";
const shards = ["web-peers", "web-peers-1", "web-peers-2"];
const numbered = (count: number, podIP = "10.0.0.1") =>
  Array.from({ length: count }, (_, index) => pod({ name: `web-${index}`, podIP }));

/**
 * A mirror whose passes are those that it is woken for or asks for, two peers a shard;
 * `settle` lets them come, and the watch catch up, until there are no more, or the next one is further away; it answers how many there were.
 */
function start(options: RigOptions = {}) {
  const woken = new Set<string>();
  const one = rig({ ...options, wake: (mirror) => woken.add(mirror) });
  one.putMirror({ spec: { output: { peersPerShard: 2 } } });
  async function settle(withinMs = Infinity): Promise<number> {
    const before = one.passes.length;
    const until = one.clock.monotonic() + withinMs;
    for (let wait: number | undefined; woken.delete(key) || wait !== undefined; ) {
      if (one.clock.monotonic() + (wait ?? 0) > until) break;
      if (wait !== undefined) await one.clock.advance(wait);
      const action = await one.reconcile(key);
      one.watch();
      wait = action.type === "requeueAfter" ? action.ms : undefined;
    }
    return one.passes.length - before;
  }
  /** The files that there are, of all shards. */
  const files = () => Object.assign({}, ...shards.map((name) => one.data(name) ?? {})) as Record<string, string>;
  return { ...one, settle, files };
}

test("a change of one pod costs one pass, and pods that come cost another, which finds them at rest", async () => {
  const { seePods, settle, files, clock } = start();
  seePods(...numbered(5));
  expect(await settle()).toBe(2);
  expect(Object.keys(files())).toHaveLength(5);
  // the time of the change before is told with this one's
  await clock.advance(90_000);
  seePods(pod({ name: "web-3", podIP: "10.0.0.9" }));
  expect(await settle()).toBe(1);
  expect(files()["web-3_ip"]).toBe("10.0.0.9");
});

test("peers that move to another shard leave the one where they were by themselves", async () => {
  const { putMirror, seePods, settle, data } = start();
  seePods(...numbered(6));
  await settle();
  putMirror({ generation: 2, spec: { output: { peersPerShard: 8 } } });
  await settle();
  expect(Object.keys(Object(data()) as object)).toHaveLength(6);
  expect(shards.slice(1).map(data)).toEqual([undefined, undefined]);
});

const early = Array.from({ length: 30 }, (_, tenths) => tenths / 10);
test.each(early)(
  "they do so too where a pass comes %f ms before their time, which goes on while it plans",
  async (ms) => {
    const { putMirror, seePods, settle, reconcile, clock, data } = start({ lookMs: 0.1 });
    seePods(...numbered(6));
    await settle();
    putMirror({ generation: 2, spec: { output: { peersPerShard: 8 } } });
    await settle(1_000);
    for (let action = await reconcile(key), before = ms; action.type === "requeueAfter"; before = 0) {
      if (action.ms > 2_000) break;
      await clock.advance(action.ms - before);
      action = await reconcile(key);
    }
    expect(shards.slice(1).map(data)).toEqual([undefined, undefined]);
  },
);

test("what is held back is written by itself", async () => {
  const { seePods, settle, files, passes } = start({ minWriteIntervalMs: 5_000 });
  seePods(...numbered(6));
  await settle();
  seePods(...numbered(6, "10.0.0.2"));
  await settle();
  expect(new Set(Object.values(files()))).toEqual(new Set(["10.0.0.2"]));
  // the last one tells the status when it was last changed
  expect(passes.map(({ written }) => written)).toEqual([3, 0, 3, 0]);
});

test("what could not be tried, since what comes before it was refused, is planned anew at once", async () => {
  const { putMirror, seePods, settle, files, refuse } = start();
  seePods(...numbered(2));
  await settle();
  refuse(`create configmaps ${key}-1`, { code: 403, reason: "Forbidden", message: "exceeded quota: few" });
  putMirror({ generation: 2, spec: { output: { peersPerShard: 1 } } });
  seePods(...numbered(2, "10.0.0.2"));
  await settle(9_000);
  expect(new Set(Object.values(files()))).toEqual(new Set(["10.0.0.2"]));
});

test("what a webhook made of a write is mended, though the watch tells nothing new", async () => {
  let meddled = 0;
  const { seePods, settle, find } = start({
    wrap: (client, _, put) => ({
      ...client,
      async replace(resource, object, options) {
        const stored = await client.replace(resource, object, options);
        if (resource !== configMaps || meddled++ > 0) return stored;
        return put(resource, { ...object, metadata: { ...stored.metadata, ownerReferences: [] } });
      },
    }),
  });
  seePods(...numbered(1));
  await settle();
  seePods(...numbered(1, "10.0.0.2"));
  await settle();
  expect(meddled).toBe(2);
  expect(find(configMaps, { namespace: "shop", name: "web-peers" })?.metadata.ownerReferences).toHaveLength(1);
});
