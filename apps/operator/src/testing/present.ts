import type { Present } from "../metrics.ts";

const none = () => 0;

/** An operator with nothing to do, as its metrics see it. */
export const nothing: Present = {
  mirrors: none,
  oldestMs: none,
  coalesced: none,
  pods: none,
  owned: none,
  leases: undefined,
};
