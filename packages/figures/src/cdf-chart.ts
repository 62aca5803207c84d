import type { Axis } from "./axis.ts";
import { lineChart } from "./line-chart.ts";

/** What was measured of one contestant. */
export interface Sample {
  readonly name: string;
  /** In any order. */
  readonly values: readonly number[];
}

export interface CdfChart {
  /** What is read out instead of the figure. */
  readonly title: string;
  readonly x: Axis;
  /** What the values are of, in the plural: `changes`. */
  readonly of: string;
  readonly samples: readonly Sample[];
}

/** Draws how many percent of the values of each sample are at most x: every value is in it, the worst too. */
export function cdfChart({ title, x, of, samples }: CdfChart): string {
  const lines = samples.map(({ name, values }) => ({ name: `${name} (${values.length})`, points: cumulate(values) }));
  return lineChart({
    title,
    x,
    y: { name: `${of}, %`, min: 0, max: 100 },
    lines,
    marks: false,
    steps: true,
  });
}

/** Each value in order, with the percentage of the values that are at most that; begins at the least with 0. */
function cumulate(values: readonly number[]): readonly (readonly [number, number])[] {
  const sorted = values.toSorted((a, b) => a - b);
  const points = sorted.map((value, index) => [value, (100 * (index + 1)) / sorted.length] as const);
  return [[sorted[0] ?? 0, 0], ...points];
}
