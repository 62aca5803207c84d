import { table } from "@metadata-mirror/bench";
import { type Heap, mebibytes } from "./heap.ts";
import type { LimitsOutcome } from "./limits.ts";
import { bytesOf, growthOf, keptOf, type Sample, slopeOf } from "./verdict.ts";

const row = (name: string, heap: Heap) => [
  name,
  mebibytes(heap.heapUsed),
  mebibytes(heap.external),
  mebibytes(heap.rss),
];

/** The figures, for a person: tables, a plot of the heap, and what is wrong. */
export function describeLimits(outcome: LimitsOutcome): string {
  const { before, after, samples, gone, counters, moves, faults } = outcome;
  const memory = [
    ["MiB, garbage collected", "heap", "external", "RSS"],
    row("before", before.heap),
    ...samples.map(({ seconds, heap }) => row(`after ${seconds.toFixed(0)} s`, heap)),
    row("after, at rest", after.heap),
  ];
  const figures = [
    ["mirrors, pods", `${outcome.mirrors}, ${outcome.pods}`],
    ["seed; warm-up, churn", `${outcome.seed}; ${outcome.warmUpSeconds} s, ${outcome.seconds} s`],
    ["heap and external, after as against before", `${(growthOf(before.heap, after.heap) * 100).toFixed(1)} %`],
    ["slope of the samples", `${mebibytes(slopeOf(samples))} MiB a minute`],
    ["pods, mirrors and the like that went", String(gone)],
    ["heap that stays of each of them", `${keptOf(before.heap, after.heap, gone).toFixed(0)} bytes`],
    ["ConfigMaps written", String(counters["configmap_writes"] ?? 0)],
    ["passes, of which failed", `${counters["passes"] ?? 0}, ${counters["pass_failures"] ?? 0}`],
    ...Object.entries(moves)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => [`move ${name}`, String(count)]),
  ];
  const wrong = faults.map((fault) => `wrong: ${fault}\n`).join("");
  return `${table(memory)}\n${plot(samples)}\n${table(figures)}\n${wrong}`;
}

const plotWidth = 60;

/** A bar for each sample, from 0. */
function plot(samples: readonly Sample[]): string {
  const most = Math.max(...samples.map(({ heap }) => bytesOf(heap)));
  return samples
    .map(({ seconds, heap }) => {
      const bar = "█".repeat(Math.round((bytesOf(heap) / most) * plotWidth));
      return `${seconds.toFixed(0).padStart(5)} s ${bar} ${mebibytes(bytesOf(heap))} MiB\n`;
    })
    .join("");
}
