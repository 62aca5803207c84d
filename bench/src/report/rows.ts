import { type Case, type ContestantResult, type FigureName, figures, type WorkloadResult } from "../result.ts";
import { cell, ratio } from "./cells.ts";

/** A case as cells of text. */
export interface CaseRows {
  readonly head: readonly string[];
  /** One each contestant: its name, then the medians of all rounds with the least and the most. */
  readonly measured: readonly (readonly string[])[];
  /** The same as ratios to controller-runtime and to the floor, where those took part: a row that says to whom, then one each contestant. */
  readonly compared: readonly (readonly string[])[];
  /** What has to be said of some, a sentence each. */
  readonly notes: readonly string[];
}

/** The rows of one case of a result, of the contestants among it that `isShown`. */
export function rowsOf(
  { contestants: all }: Case,
  { rounds }: Pick<WorkloadResult, "rounds">,
  isShown: (contestant: ContestantResult) => boolean = () => true,
): CaseRows {
  const contestants = all.filter(isShown);
  const names = figuresOf(contestants);
  const row = (name: string, cells: (figure: FigureName) => string) => [name, ...names.map(cells)];
  return {
    head: ["", ...names.map((name) => figures[name].label)],
    measured: contestants.map((result) => row(result.name, (figure) => cell(result, figure))),
    compared: ["cr", "floor"].flatMap((id) => {
      const base = contestants.find((result) => result.id === id);
      const others = contestants.filter((result) => result !== base && result.id !== "load");
      if (base === undefined || others.length === 0) return [];
      return [
        row(`÷ ${base.name}`, () => ""),
        ...others.map((result) => row(result.name, (figure) => times(ratio(result, base, figure)))),
      ];
    }),
    notes: [...roundsNotes(contestants, rounds), ...contestants.flatMap(notesOf)],
  };
}

/** The figures that some have, in the order of all there are. */
function figuresOf(contestants: readonly ContestantResult[]): readonly FigureName[] {
  const names = Object.keys(figures) as FigureName[];
  return names.filter((name) => contestants.some(({ runs }) => runs.some((run) => run.figures[name] !== undefined)));
}

/** Who took fewer turns than there were rounds. */
function roundsNotes(contestants: readonly ContestantResult[], rounds: number): readonly string[] {
  const fewer = contestants.filter(({ runs }) => runs.length < rounds).map(({ name }) => name);
  return fewer.length === 0 ? [] : [`${fewer.join(", ")}: measured in one round only`];
}

function notesOf({ name, runs }: ContestantResult): readonly string[] {
  return [...new Set(runs.flatMap(({ note, failure }) => failure ?? note ?? []))].map((text) => `${name}: ${text}`);
}

/** A ratio for a person; undefined: there is none. */
export function times(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(2)} ×`;
}
