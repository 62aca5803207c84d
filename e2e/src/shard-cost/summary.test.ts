import { expect, test } from "vitest";
import { summarise, type Turn } from "./summary.ts";

const turn = (shards: number, fileMs: readonly number[], changedMs: number, lookedMs: number): Turn => ({
  shards,
  fileMs,
  changed: { cpuMs: changedMs, tookMs: 10_000 },
  looked: { cpuMs: lookedMs, tookMs: 5_000 },
  rested: { cpuMs: 40, tookMs: 2_000 },
  shardBytes: 80_000 / shards,
});

test("a cost is what the kubelet takes beyond its rest, for each change and each look, the median of the turns", () => {
  const turns = [
    turn(1, [300, 400], 400, 140),
    turn(8, [100, 110], 240, 120),
    turn(8, [105, 115], 230, 130),
    turn(1, [200, 500], 1_000, 160),
    turn(1, [310, 320], 300, 150),
  ];
  expect(summarise(turns)).toEqual({
    restPerSecondMs: 20,
    costs: [
      { shards: 1, cpuPerChangeMs: 100, cpuPerLookMs: 25, fileP50Ms: 310, fileMaxMs: 500, shardBytes: 80_000 },
      { shards: 8, cpuPerChangeMs: 15, cpuPerLookMs: 10, fileP50Ms: 105, fileMaxMs: 115, shardBytes: 10_000 },
    ],
  });
});
