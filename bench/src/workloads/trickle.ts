import { measureChanges } from "./changes.ts";
import type { Workload } from "./workload.ts";

/** W1: pods in sync, single changes apart from each other. */
export const trickle: Workload = {
  id: "w1",
  title: "trickle: 200 pods, 100 single changes, 100 ms apart",
  run: async (options) => [
    await measureChanges({ pods: 200, changes: options.quick ? 30 : 100, everyMs: 100, deadlineMs: 30_000 }, options),
  ],
};
