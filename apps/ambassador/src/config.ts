import type { FilterOptions } from "./filter.ts";
import type { Address } from "./listener.ts";

/** How an ambassador runs. */
export interface AmbassadorConfig {
  readonly address: Address;
  /** Begins and ends with a slash. */
  readonly apiPrefix: string;
  readonly filter: FilterOptions;
  /** How long the API server may be silent, in milliseconds, before a request is given up. */
  readonly answerTimeoutMs: number;
  /** How long what is under way may take at the end, in milliseconds. */
  readonly drainTimeoutMs: number;
  /** Port of the probes and metrics; undefined means none. */
  readonly healthPort: number | undefined;
}
