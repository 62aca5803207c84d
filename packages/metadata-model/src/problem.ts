/** Why a value can't be had. CamelCase, since it becomes the reason of a condition. */
export type ProblemReason =
  | "UnsupportedField"
  | "InvalidDivisor"
  | "UnknownContainer"
  | "NodeUnknown"
  | "InvalidQuantity"
  | "Overflow";

/**
 * An expected failure, as a value: it costs one item of one pod, never the mirror. `message` is for the mirror's
 * author.
 */
export interface Problem {
  readonly reason: ProblemReason;
  readonly message: string;
}

/** What an item is for one pod: the text of its file, or the problem that keeps it out. */
export type Projected = { readonly value: string } | { readonly problem: Problem };

/** Tells a problem from what a function answers when all is well. */
export function isProblem(result: unknown): result is Problem {
  return typeof result === "object" && result !== null && "reason" in result;
}
