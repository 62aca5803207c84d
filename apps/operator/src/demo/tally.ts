import { median } from "./median.ts";
import type { Outcome } from "./player.ts";

/** What came of the steps so far. */
export interface Tally {
  /** Milliseconds of each change that was mirrored rightly. */
  readonly latencies: readonly number[];
  /** Steps that went wrong. */
  readonly failed: number;
}

/** That of no steps. */
export const emptyTally: Tally = { latencies: [], failed: 0 };

/** The tally with one step more. */
export function count({ latencies, failed }: Tally, { ms, faults }: Outcome): Tally {
  return faults.length === 0 ? { latencies: [...latencies, ms], failed } : { latencies, failed: failed + 1 };
}

/** `16 changes mirrored, p50 5.3 ms` */
export function mirrored({ latencies }: Tally): string {
  const p50 = median(latencies);
  const changes = latencies.length === 1 ? "1 change" : `${latencies.length} changes`;
  return `${changes} mirrored${p50 === undefined ? "" : `, p50 ${milliseconds(p50)}`}`;
}

/** `5.3 ms`, `812 ms` */
export function milliseconds(ms: number): string {
  return `${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
