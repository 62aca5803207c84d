import type { Outcome } from "./outcome.ts";
import { describeDisturbance } from "./schedule/disturbance.ts";
import type { Entry } from "./schedule/schedule.ts";
import { describeChange } from "./world/change.ts";

type Step = Extract<Entry, { step: number }>;

type Summary = Pick<Outcome, "steps" | "changes" | "quietPoints" | "longestRecoveryMs" | "lastSteps">;

/** Counts what happens. */
export interface Tally {
  /** The number of the last step. */
  readonly steps: number;
  /** A step that is taken. */
  note(step: Step): void;
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
  return {
    get steps() {
      return steps;
    },
    note(entry) {
      steps = entry.step;
      if (entry.type === "change") {
        const kind = `${entry.change.subject} ${entry.change.verb}`;
        changes[kind] = (changes[kind] ?? 0) + 1;
      }
      last.push(`${steps}  ${describe(entry)}`);
      if (last.length > kept) last.shift();
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

function describe(entry: Step): string {
  return entry.type === "change" ? describeChange(entry.change) : describeDisturbance(entry.disturbance);
}
