import { type Case, type ContestantResult, type FigureName, figures } from "../result.ts";
import { cell, ratio } from "./cells.ts";
import { times } from "./rows.ts";

/** Whether it is a build that was given by --operator: those have a block of their own. */
export function isBuild({ id }: ContestantResult): boolean {
  return id.startsWith("operator-");
}

/**
 * Other builds of the operator beside it, a row each figure: what each had, what the operator has, and the ratio to the first of them.
 * A table, or none where no other build took part.
 */
export function buildRows(workload: string, { title, contestants }: Case): readonly (readonly (readonly string[])[])[] {
  const own = contestants.find(({ id }) => id === "metadata-mirror");
  const builds = contestants.filter(isBuild);
  const [first] = builds;
  if (own === undefined || first === undefined) return [];
  const had = (Object.keys(figures) as FigureName[]).filter((name) => ratio(own, first, name) !== undefined);
  const head = [`${workload}, ${title}`, ...builds.map(({ name }) => name), own.name, `÷ ${first.name}`];
  const rows = had.map((name) => [
    figures[name].label,
    ...[...builds, own].map((result) => cell(result, name)),
    times(ratio(own, first, name)),
  ]);
  return [[head, ...rows]];
}
