import { configMaps } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { pod } from "../testing/objects.ts";
import { running } from "../testing/running.ts";
import type { WriteCounts } from "./write-counts.ts";

const target = { namespace: "shop", name: "web-peers" };

/** Six peers on three shards, written by an operator that runs. */
async function start() {
  const rig = running();
  const sketch = (peersPerShard: number, generation: number) => ({ generation, spec: { output: { peersPerShard } } });
  let seen = 0;
  /** What was written for which reason since the last time, once all has come to rest. */
  async function writes(): Promise<WriteCounts> {
    await rig.pass(5_000);
    const sum: Record<string, number> = {};
    for (const pass of rig.passes.slice(seen)) {
      expect(Object.values(pass.writes).reduce((all, count) => all + count, 0)).toBe(pass.written);
      for (const [reason, count] of Object.entries(pass.writes)) sum[reason] = (sum[reason] ?? 0) + count;
    }
    seen = rig.passes.length;
    return sum;
  }
  rig.putMirror(sketch(2, 1));
  rig.seePods(...Array.from({ length: 6 }, (_, index) => pod({ name: `web-${index}` })));
  return { ...rig, writes, growTo: (peers: number) => rig.putMirror(sketch(peers, 2)) };
}

test("each write has one reason: that it wasn't there, its peers, that they moved, and that it's needed no longer", async () => {
  const { writes, seePods, growTo, stop } = await start();
  expect(await writes()).toEqual({ create: 3 });
  seePods(pod({ name: "web-3", podIP: "10.0.0.9" }));
  expect(await writes()).toEqual({ change: 1 });
  growTo(8);
  // the first takes all over, and the others go when that has been seen
  expect(await writes()).toEqual({ move: 1, remove: 2 });
  expect(await writes()).toEqual({});
  await stop();
});

test("what somebody else changed or removed is repaired", async () => {
  const { writes, put, end, find, stop } = await start();
  await writes();
  put(configMaps, {
    ...find(configMaps, target),
    metadata: { ...find(configMaps, target)?.metadata },
    data: { more: "x" },
  });
  expect(await writes()).toEqual({ repair: 1 });
  end(configMaps, target);
  expect(await writes()).toEqual({ repair: 1 });
  await stop();
});
