import type { Finding } from "./condition.ts";

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

/** Problems that a change of the mirror, and nothing else that is bound to come, mends. */
const terminal: ReadonlySet<WriteProblem["reason"]> = new Set(["TargetImmutable", "Rejected"]);

/** How much a problem asks for somebody: one that passes by itself is the least. */
function gravity({ reason }: WriteProblem): number {
  if (terminal.has(reason)) return 2;
  return reason === "TargetLeaving" ? 0 : 1;
}

/**
 * The Ready condition of a pass, and Stalled where only somebody's change helps. `behind` tells that the byte budget holds writes back:
 * the ConfigMaps are right, but late.
 */
export function readyFindings(problems: readonly WriteProblem[], behind: boolean): readonly Finding[] {
  const [worst] = problems.toSorted((a, b) => gravity(b) - gravity(a));
  if (worst === undefined) {
    const [reason, message] = behind
      ? ["Throttled", "writes are spaced out to stay within the budget of stored bytes (--write-bytes-per-second)"]
      : ["InSync", "the ConfigMaps hold what the mirror selects"];
    return [{ type: "Ready", status: "True", reason, message }];
  }
  const message = `ConfigMap ${worst.configMap}: ${worst.message}`;
  if (worst.reason === "TargetLeaving") {
    return [{ type: "Ready", status: "Unknown", reason: "Progressing", message }];
  }
  const ready: Finding = { type: "Ready", status: "False", reason: worst.reason, message };
  return terminal.has(worst.reason)
    ? [ready, { type: "Stalled", status: "True", reason: worst.reason, message }]
    : [ready];
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
