import type { Case, WorkloadResult } from "../result.ts";
import { table } from "../table.ts";
import type { Verdict } from "../goals.ts";
import { goalRows } from "./goal-rows.ts";
import { rowsOf } from "./rows.ts";

/** The figures for a person: medians of all rounds with the least and the most, and ratios. */
export function describeWorkload(result: WorkloadResult, title: string): string {
  return [`${result.id}: ${title}`, ...result.cases.map((given) => describeCase(given, result))].join("\n");
}

function describeCase(given: Case, result: WorkloadResult): string {
  const { head, measured, compared, notes } = rowsOf(given, result);
  return `${given.title}\n${table([head, ...measured, ...compared])}${notes.map((note) => `  ${note}\n`).join("")}`;
}

/** The goals for a person, and whether they are met; nothing where there are none. */
export function describeGoals(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return "";
  return table([["goal", "wanted", "measured", ""], ...goalRows(verdicts)]);
}
