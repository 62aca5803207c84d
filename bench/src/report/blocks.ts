import { markdownTable } from "@metadata-mirror/figures";
import { judge, type Verdict } from "../goals.ts";
import type { Case, Machine, WorkloadResult } from "../result.ts";
import { buildRows, isBuild } from "./build-rows.ts";
import { goalRows } from "./goal-rows.ts";
import { plotOf } from "./plots.ts";
import { rowsOf } from "./rows.ts";

/** The workloads that the page has a block for. */
const ids = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"] as const;

const notMeasured = "Not measured yet.";
/** Of a goal that is missed, where nobody has said why: a test refuses it in the docs. */
export const notKnown = "not known yet.";

/** What stands in each block of docs/performance.md, by the block's name. */
export function blocksOf(results: readonly WorkloadResult[]): ReadonlyMap<string, string> {
  const workloads = ids.map((id) => {
    const result = results.find((candidate) => candidate.id === id);
    return [id, result ? workloadBlock(result) : notMeasured] as const;
  });
  return new Map([
    ["goals", goalsBlock(results.flatMap((result) => judge(result)))],
    ...workloads,
    ["builds", buildsBlock(results)],
  ]);
}

function workloadBlock(result: WorkloadResult): string {
  const plot = plotOf(result) === undefined ? [] : [`![${result.id}, as a plot](figures/bench/${result.id}.svg)`];
  const how = `Measured by \`npx -y pnpm@12 bench run ${result.id} --write-docs\`, ${result.rounds === 1 ? "1 round" : `${result.rounds} rounds`}, on ${machineText(result.machine)}.`;
  return [...result.cases.map((given) => caseBlock(given, result)), ...plot, how].join("\n\n");
}

function caseBlock(given: Case, result: WorkloadResult): string {
  const { head, measured, compared, notes } = rowsOf(given, result, (contestant) => !isBuild(contestant));
  const [, ...columns] = head;
  const table = markdownTable([[given.title, ...columns], ...measured, ...compared]);
  return [table, ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join("\n")] : [])].join("\n\n");
}

function goalsBlock(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return notMeasured;
  const missed = verdicts.filter(({ met }) => !met);
  const count = `${verdicts.length - missed.length} of ${verdicts.length} goals are met.`;
  const table = markdownTable([["goal", "wanted", "measured", ""], ...goalRows(verdicts)]);
  const limits = goalRows(missed).map(([name], index) => `- ${name}: ${missed[index]?.goal.limit ?? notKnown}`);
  return [count, table, ...(limits.length > 0 ? [`What limits the others:\n${limits.join("\n")}`] : [])].join("\n\n");
}

function buildsBlock(results: readonly WorkloadResult[]): string {
  const tables = results.flatMap((result) => result.cases.flatMap((given) => buildRows(result.id, given)));
  return tables.length === 0 ? notMeasured : tables.map((rows) => markdownTable(rows)).join("\n\n");
}

function machineText({ cores, processor, memory, node, kubernetes }: Machine): string {
  const gibibytes = Math.round(memory / 2 ** 30);
  return `${cores} cores (${processor}), ${gibibytes} GiB of memory, kube-apiserver ${kubernetes}, Node.js ${node}`;
}
