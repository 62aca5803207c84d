import { lineChart, markdownTable } from "@metadata-mirror/figures";
import type { ShardCostResult } from "./shard-cost.ts";
import type { Cost } from "./summary.ts";

/** The figures as a table of Markdown. */
export function describe({ machine, peers, restPerSecondMs, rounds, changes, costs }: ShardCostResult): string {
  const head = [
    "shards that the pod mounts",
    "the object that a change rewrites, KiB",
    "change → file p50, ms",
    "worst, ms",
    "kubelet's CPU a change, ms",
    "a look that finds nothing, ms",
  ];
  const rows = costs.map(({ shards, shardBytes, fileP50Ms, fileMaxMs, cpuPerChangeMs, cpuPerLookMs }) => [
    String(shards),
    (shardBytes / 1024).toFixed(1),
    fileP50Ms.toFixed(0),
    fileMaxMs.toFixed(0),
    cpuPerChangeMs.toFixed(1),
    cpuPerLookMs.toFixed(1),
  ]);
  const how = `${peers.toLocaleString("en")} peers, ${rounds} turns of ${changes} changes each; at rest the kubelet takes ${restPerSecondMs.toFixed(0)} ms a second. On ${machine}.`;
  return `${markdownTable([head, ...rows])}\n\n${how}`;
}

/** The figures as a plot, an SVG: each relative to the fewest shards. */
export function plot({ costs, peers }: ShardCostResult): string {
  const [fewest] = costs;
  if (fewest === undefined) throw new RangeError("there is nothing to plot");
  const line = (name: string, of: (cost: Cost) => number) => ({
    name,
    points: costs.map((cost) => [cost.shards, of(cost) / of(fewest)] as const),
  });
  return lineChart({
    title: `What ${peers} peers in few and in many shards cost, relative to the fewest`,
    x: { name: "shards that one pod mounts", scale: "log", base: 2 },
    y: { name: "relative to one shard", scale: "log", label: (ratio) => `${ratio} ×` },
    lines: [
      line("bytes written a change", ({ shardBytes }) => shardBytes),
      line("change → file", ({ fileP50Ms }) => fileP50Ms),
      line("kubelet's CPU a change", ({ cpuPerChangeMs }) => cpuPerChangeMs),
    ],
  });
}
