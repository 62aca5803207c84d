import type { LoadResult } from "./load.ts";

/** The middle value; of an even number of them the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError("there is no median of nothing");
  return (low + high) / 2;
}

/** One figure over all rounds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** The figures of a load, each over all rounds. */
export type Summary = Readonly<Record<keyof LoadResult, Spread>>;

/** Summarises the rounds of one contestant. */
export function summarise(rounds: readonly LoadResult[]): Summary {
  return {
    p50: spreadOf(rounds.map(({ p50 }) => p50)),
    p99: spreadOf(rounds.map(({ p99 }) => p99)),
    throughput: spreadOf(rounds.map(({ throughput }) => throughput)),
  };
}

/** Of each round the ratio to another contestant's same round, so that what slows the machine down for a while slows down both. */
export function ratios(rounds: readonly LoadResult[], others: readonly LoadResult[]): Summary {
  const divided = rounds.map((round, index): LoadResult => {
    const other = others[index] ?? round;
    return {
      p50: round.p50 / other.p50,
      p99: round.p99 / other.p99,
      throughput: round.throughput / other.throughput,
    };
  });
  return summarise(divided);
}
