import { type Spread, spreadOf } from "../spread.ts";
import type { LoadResult } from "./load.ts";

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
