import { contestants } from "../contestants/contestants.ts";
import type { Goal, Verdict } from "../goals.ts";
import { figures } from "../result.ts";

/** Each goal as cells of text: what it is of, what is wanted, what was measured, and `met` or `missed`. */
export function goalRows(verdicts: readonly Verdict[]): readonly (readonly string[])[] {
  return verdicts.map(({ goal, value, met }) => [
    `${goal.workload} ${figures[goal.figure].label}${caseText(goal)}`,
    `${"atMost" in goal.bound ? "≤" : "≥"} ${boundText(goal)}`,
    valueText(goal, value),
    met ? "met" : "missed",
  ]);
}

/** Of workloads with several cases which it is. */
function caseText({ workload, case: id }: Goal): string {
  if (workload === "w6") return `, ${id} ${id === "1" ? "replica" : "replicas"}`;
  return workload === "w3" || workload === "w5" ? `, ${Number(id).toLocaleString("en")} pods` : "";
}

function boundText(goal: Goal): string {
  const bound = "atMost" in goal.bound ? goal.bound.atMost : goal.bound.atLeast;
  const { against } = goal;
  if (against === undefined) return plain(goal, bound);
  const { contestant, case: inCase } = against;
  const base = contestants.find(({ id }) => id === contestant)?.name ?? `with ${inCase} pods`;
  return `${bound} × ${base}`;
}

function valueText(goal: Goal, value: number | undefined): string {
  if (value === undefined) return "failed";
  return goal.against === undefined ? plain(goal, value) : `${value.toFixed(3)} ×`;
}

/** A figure in its unit, with as many digits as it is judged by. */
function plain({ figure }: Goal, value: number): string {
  const { divisor, digits } = figures[figure];
  return (value / divisor).toLocaleString("en", { maximumFractionDigits: Math.max(1, digits) });
}
