import { type Case, type ContestantResult, type FigureName, figures, type WorkloadResult } from "../result.ts";
import { table } from "../table.ts";
import { cell, ratio } from "./cells.ts";

/** The figures that a case has, in the order of all there are. */
function figuresOf({ contestants }: Case): readonly FigureName[] {
  const names = Object.keys(figures) as FigureName[];
  return names.filter((name) => contestants.some(({ runs }) => runs.some((run) => run.figures[name] !== undefined)));
}

/** The figures for a person: medians of all rounds with the least and the most, and ratios. */
export function describeWorkload(result: WorkloadResult, title: string): string {
  return [`${result.id}: ${title}`, ...result.cases.map(describeCase)].join("\n");
}

function describeCase(given: Case): string {
  const names = figuresOf(given);
  const { contestants } = given;
  const rows = (cells: (result: ContestantResult, name: FigureName) => string, among = contestants) =>
    among.map((result) => [result.name, ...names.map((name) => cells(result, name))]);
  const compared = ["cr", "floor"].flatMap((id) => {
    const base = contestants.find((result) => result.id === id);
    if (!base) return [];
    const others = contestants.filter((result) => result !== base && result.id !== "load");
    return rows((result, name) => times(ratio(result, base, name)), others).map(([name = "", ...cells]) => [
      `${name} ÷ ${base.name}`,
      ...cells,
    ]);
  });
  const notes = contestants.flatMap(({ name, runs }) =>
    [...new Set(runs.flatMap(({ note, failure }) => failure ?? note ?? []))].map((text) => `  ${name}: ${text}\n`),
  );
  const head = ["", ...names.map((name) => figures[name].label)];
  return `${given.title}\n${table([head, ...rows(cell), ...compared])}${notes.join("")}`;
}

/** A ratio for a person. */
function times(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(2)} ×`;
}
