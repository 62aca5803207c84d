import { cdfChart, markdownTable } from "@metadata-mirror/figures";
import { apart, type FreshnessResult, quick } from "./freshness.ts";
import { summarise } from "./latency.ts";

/** What the 99th percentile of change → file may be at most with Immediate, in milliseconds. */
const goalMs = 1_000;

/** The figures as a table of Markdown. */
export function describe({ machine, immediate, burst, kubeletSync, configMap, answer }: FreshnessResult): string {
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const rows: readonly (readonly [string, readonly number[]])[] = [
    ["change → its answer from the API server", answer],
    ["change → ConfigMap", configMap],
    [`change → file, \`Immediate\`, ${seconds(apart.leastMs)} to ${seconds(apart.mostMs)} s apart`, immediate],
    [`change → file, \`Immediate\`, ${seconds(quick.leastMs)} to ${seconds(quick.mostMs)} s apart`, burst],
    ["change → file, `KubeletSync`", kubeletSync],
  ];
  const cells = rows
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => {
      const { count, p50, p99, max } = summarise(values);
      return [name, ...[p50, p99, max].map((ms) => whole(ms)), String(count)];
    });
  const head = ["from sending a peer's change, in ms", "p50", "p99", "worst", "measured"];
  return `${markdownTable([head, ...cells])}\n\nOn ${machine}.`;
}

function whole(ms: number): string {
  return Math.round(ms).toLocaleString("en");
}

/** What missed the goal, a sentence; undefined where nothing did. */
export function missed({ immediate }: FreshnessResult): string | undefined {
  const { p99 } = summarise(immediate);
  return p99 <= goalMs ? undefined : `p99 of change → file with Immediate is ${whole(p99)} ms, not ${goalMs} or less`;
}

/** The figures as a plot, an SVG. */
export function plot({ immediate, burst, kubeletSync }: FreshnessResult): string {
  const samples = [
    { name: "Immediate", values: immediate },
    { name: "Immediate, in quick succession", values: burst },
    { name: "KubeletSync", values: kubeletSync },
  ];
  return cdfChart({
    title: "How many of the changes of a peer are in the file of a running consumer after how long",
    of: "changes",
    x: {
      name: "from a peer's change to the changed file",
      scale: "log",
      min: 10,
      max: 100_000,
      label: (ms) => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`),
    },
    samples: samples.filter(({ values }) => values.length > 0),
  });
}
