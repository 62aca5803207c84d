import type { Outcome } from "./outcome.ts";
import { type Change, describeChange } from "./world/change.ts";

type Summary = Pick<Outcome, "steps" | "changes" | "quietPoints" | "longestRecoveryMs" | "lastSteps">;

/** Counts what happens. */
export interface Tally {
  /** The number of the last step. */
  readonly steps: number;
  change(step: number, change: Change): void;
  /** Any other step. */
  note(step: number, what: string): void;
  /** A quiet point, and how long it took until all was right. */
  quiet(recoveredMs: number, calm: boolean): void;
  summary(): Summary;
  /** In short, while it goes on. */
  now(): { readonly steps: number; readonly quietPoints: number };
}

/** How many steps are kept to be told of. */
const kept = 25;

/** Starts one. */
export function createTally(): Tally {
  const changes: Record<string, number> = {};
  const last: string[] = [];
  const longest = { disturbed: 0, calm: 0 };
  let [steps, quietPoints] = [0, 0];
  const note = (step: number, what: string) => {
    steps = step;
    last.push(`${step}  ${what}`);
    if (last.length > kept) last.shift();
  };
  return {
    get steps() {
      return steps;
    },
    note,
    change(step, change) {
      const kind = `${change.subject} ${change.verb}`;
      changes[kind] = (changes[kind] ?? 0) + 1;
      note(step, describeChange(change));
    },
    quiet(recoveredMs, calm) {
      quietPoints += 1;
      const which = calm ? "calm" : "disturbed";
      longest[which] = Math.max(longest[which], recoveredMs);
    },
    summary: () => ({ steps, changes, quietPoints, longestRecoveryMs: { ...longest }, lastSteps: [...last] }),
    now: () => ({ steps, quietPoints }),
  };
}
