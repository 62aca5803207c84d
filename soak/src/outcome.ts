import type { Mismatch } from "./check/content-faults.ts";
import type { Counters } from "./cluster/counters.ts";

/** What came of a soak. */
export interface Outcome {
  readonly seed: number;
  readonly replicas: number;
  readonly shards: number;
  readonly slow: boolean;
  readonly steps: number;
  readonly seconds: number;
  /** How many of each kind happened, `pod create`. */
  readonly changes: Readonly<Record<string, number>>;
  /** How many of each kind were begun. */
  readonly disturbances: Readonly<Record<string, number>>;
  readonly quietPoints: number;
  /** The longest that ConfigMaps took to be right at a quiet point, with and without disturbances before it. In milliseconds. */
  readonly longestRecoveryMs: { readonly disturbed: number; readonly calm: number };
  /** Versions of ConfigMaps that a watch has shown, whoever wrote them. */
  readonly versions: number;
  /** Of the replicas' own metrics; what a killed one counted last is not among them. */
  readonly counters: Counters;
  readonly mismatches: readonly Mismatch[];
  /** The last things that happened before a mismatch. */
  readonly lastSteps: readonly string[];
}
