import { measureChanges } from "./changes.ts";
import { slow } from "./slow.ts";
import type { Workload } from "./workload.ts";

/** W2: pods in sync, many changes a second, each of another pod. */
export const churn: Workload = {
  id: "w2",
  title: "churn: 2,000 pods, 50 changes a second for 20 s",
  run: async (options) => [
    await measureChanges(
      { pods: 2_000, changes: options.quick ? 250 : 1_000, everyMs: 20, deadlineMs: 90_000, once: slow },
      options,
    ),
  ],
};
