import { quantile } from "@metadata-mirror/figures";
import type { FigureName, Run } from "../result.ts";

/** As many latencies as a run keeps. */
const kept = 100;

/** The figures of latencies, of which those not visible by the deadline are Infinity: they count as `deadlineMs`, and it is said. */
export function latencyFigures(
  latencies: readonly number[],
  deadlineMs: number,
): Required<Pick<Run, "figures" | "beyond" | "latencies">> & Pick<Run, "note"> {
  const late = latencies.filter((ms) => ms > deadlineMs).length;
  const capped = latencies.map((ms) => Math.min(ms, deadlineMs));
  const figures = { p50: quantile(capped, 0.5), p99: quantile(capped, 0.99), max: quantile(capped, 1) };
  const beyond = (Object.keys(figures) as (keyof typeof figures)[]).filter((name) => figures[name] === deadlineMs);
  return {
    figures,
    beyond: beyond satisfies FigureName[],
    latencies: thinned(capped),
    ...(late > 0 && { note: `${late} of ${latencies.length} changes were not visible after ${deadlineMs / 1000} s` }),
  };
}

/** In order, of many a selection that is as they are, with the least and the worst. */
function thinned(values: readonly number[]): readonly number[] {
  const round = (ms: number): number => Math.round(ms * 10) / 10;
  if (values.length <= kept) return values.toSorted((a, b) => a - b).map(round);
  return Array.from({ length: kept }, (_, index) => round(quantile(values, index / (kept - 1))));
}
