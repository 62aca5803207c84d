import { type Condition, type Finding, standingFindings } from "./condition.ts";

/** Why a ConfigMap could not be written. */
export interface WriteProblem {
  readonly reason:
    | "TargetConflict"
    | "TargetImmutable"
    | "TargetLeaving"
    | "QuotaExceeded"
    | "NamespaceTerminating"
    | "Forbidden"
    | "Rejected";
  readonly configMap: string;
  /** A clause that says what is the matter and what to do. */
  readonly message: string;
}

/** A ConfigMap of ours that somebody made immutable. */
export function immutableTarget(configMap: string): WriteProblem {
  const message = "is immutable, so it can't be kept in sync: delete it, and it will be made anew";
  return { reason: "TargetImmutable", configMap, message };
}

/** Problems that a change of the mirror, and nothing else that is bound to come, mends. */
const terminal: ReadonlySet<WriteProblem["reason"]> = new Set(["TargetImmutable", "Rejected"]);

/** How much a problem asks for somebody: one that passes by itself is the least. */
function gravity({ reason }: WriteProblem): number {
  if (terminal.has(reason)) return 2;
  return reason === "TargetLeaving" ? 0 : 1;
}

/**
 * How the writes of a mirror keep up: at once; late, since the byte budget holds them back; or held back before all was written for
 * the first time in this generation.
 */
export type Pace = "prompt" | "late" | "held";

const paces: Record<Pace, Finding> = {
  prompt: { type: "Ready", status: "True", reason: "InSync", message: "the ConfigMaps hold what the mirror selects" },
  late: {
    type: "Ready",
    status: "True",
    reason: "Throttled",
    message: "the ConfigMaps follow late, to stay within the budget of stored bytes (--write-bytes-per-second)",
  },
  held: {
    type: "Ready",
    status: "Unknown",
    reason: "Progressing",
    message:
      "some ConfigMaps are not written yet, to stay within the budget of stored bytes (--write-bytes-per-second)",
  },
};

/** The Ready condition of a pass, and Stalled where only somebody's change helps. */
export function readyFindings(problems: readonly WriteProblem[], pace: Pace): readonly Finding[] {
  const [worst] = problems.toSorted((a, b) => gravity(b) - gravity(a));
  if (worst === undefined) return [paces[pace]];
  const message = `ConfigMap ${worst.configMap}: ${worst.message}`;
  if (worst.reason === "TargetLeaving") {
    return [{ type: "Ready", status: "Unknown", reason: "Progressing", message }];
  }
  const ready: Finding = { type: "Ready", status: "False", reason: worst.reason, message };
  return terminal.has(worst.reason)
    ? [ready, { type: "Stalled", status: "True", reason: worst.reason, message }]
    : [ready];
}

/** The conditions of a mirror whose writes have failed for a while, by a fault that may pass. */
export function failingFindings(fault: string): readonly Finding[] {
  return [
    { type: "Ready", status: "False", reason: "WriteFailed", message: `writes fail and are tried again: ${fault}` },
  ];
}

/**
 * The conditions of a mirror whose passes end by an error of the operator's own: what was found of all else stands. Of the error it tells the
 * name alone: its text may show what no grant gives.
 */
export function brokenFindings(before: readonly Condition[], errorName: string): readonly Finding[] {
  const message = `an error of the operator itself (${errorName}) keeps the mirror from being planned, so the ConfigMaps stay as they are. It is tried again all the time; the operator's log has the error: please report it`;
  const standing = standingFindings(before).filter(({ type }) => type !== "Ready" && type !== "Stalled");
  return [{ type: "Ready", status: "False", reason: "InternalError", message }, ...standing];
}

/** The conditions of a mirror whose stored spec isn't one: nothing is written, the last good ConfigMaps stay. */
export function invalidSpecFindings(problem: string): readonly Finding[] {
  const found = {
    reason: "InvalidSpec",
    message: `the spec can't be read, the ConfigMaps stay as they are: ${problem}`,
  };
  return [
    { type: "Ready", status: "False", ...found },
    { type: "Stalled", status: "True", ...found },
  ];
}
