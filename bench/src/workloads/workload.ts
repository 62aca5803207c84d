import type { Clock } from "@metadata-mirror/api-client";
import type { Contestant, Host } from "../contestants/contestant.ts";
import type { Case } from "../result.ts";

/** How a workload is run. */
export interface BenchOptions {
  readonly host: Host;
  readonly clock: Clock;
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  /** Smaller, for a first impression. */
  readonly quick: boolean;
}

/** Something to be measured. */
export interface Workload {
  readonly id: string;
  readonly title: string;
  /** Whom it is for, by id; others are left out. Undefined means all. Builds of the operator count as `metadata-mirror`. */
  readonly entrants?: readonly string[];
  /** Runs only where it is named. */
  readonly byHand?: boolean;
  /** Starts a control plane of its own and has the contestants take turns. */
  readonly run: (options: BenchOptions) => Promise<readonly Case[]>;
}
