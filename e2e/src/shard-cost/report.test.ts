import { expect, test } from "vitest";
import { describe, plot } from "./report.ts";
import type { ShardCostResult } from "./shard-cost.ts";

const result: ShardCostResult = {
  machine: "kind",
  peers: 2000,
  changes: 10,
  rounds: 5,
  restPerSecondMs: 17,
  costs: [
    { shards: 1, cpuPerChangeMs: 40, cpuPerLookMs: 12.34, fileP50Ms: 400, fileMaxMs: 555, shardBytes: 512_000 },
    { shards: 20, cpuPerChangeMs: 10, cpuPerLookMs: 12, fileP50Ms: 300, fileMaxMs: 500, shardBytes: 25_600 },
  ],
};

test("the table has a row for each number of shards", () => {
  expect(describe(result).split("\n").slice(2)).toEqual([
    "| 1 | 500.0 | 400 | 555 | 40.0 | 12.3 |",
    "| 20 | 25.0 | 300 | 500 | 10.0 | 12.0 |",
    "",
    "2,000 peers, 5 turns of 10 changes each; at rest the kubelet takes 17 ms a second. On kind.",
  ]);
});

test("the plot begins at 1 × and has a line for each cost", () => {
  const svg = plot(result);
  for (const name of ["bytes written a change", "change → file", "kubelet&#39;s CPU a change"]) {
    expect(svg).toMatch(new RegExp(`>${name.replace("&#39;", "(&#39;|')")}<`));
  }
  expect(svg).toContain(">1 ×<");
});

test("nothing is no plot", () => {
  expect(() => plot({ ...result, costs: [] })).toThrow(RangeError);
});
