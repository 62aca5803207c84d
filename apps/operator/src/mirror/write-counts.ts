import { type Target, targetOf } from "./target.ts";
import type { WriteReason } from "./write.ts";
import type { Writing } from "./write-plan.ts";

/** How many ConfigMaps were written for each reason, of those that there were. */
export type WriteCounts = Readonly<Partial<Record<WriteReason, number>>>;

/**
 * What was written, and why. It's to be asked before the writes are noted in `targets`: by these it's known where somebody had changed what this
 * process wrote before, as far as it saw that.
 */
export function countWrites({ done }: Pick<Writing, "done">, targets: Map<string, Target>): WriteCounts {
  const counts: Partial<Record<WriteReason, number>> = {};
  for (const { job, outcome } of done) {
    if (outcome.type !== "written") continue;
    const reason = targetOf(targets, job.name).undone ? "repair" : job.reason;
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}
