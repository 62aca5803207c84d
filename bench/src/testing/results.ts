import type { ContestantResult, Figures, Machine, Run, WorkloadResult } from "../result.ts";

const machine: Machine = {
  cores: 2,
  processor: "a processor",
  memory: 8 * 2 ** 30,
  node: "24.0.0",
  kubernetes: "1.35.4",
};

/** Runs with these figures, one each round. */
export function turns(...given: readonly Figures[]): Run[] {
  return given.map((figures) => ({ figures }));
}

export function contestant(id: string, runs: readonly Run[]): ContestantResult {
  return { id, name: id, runs };
}

/** A result with cases by their ids; the title of each is `case <id>`. */
export function resultOf(
  id: string,
  rounds: number,
  cases: Readonly<Record<string, readonly ContestantResult[]>>,
): WorkloadResult {
  const listed = Object.entries(cases).map(([of, contestants]) => ({ id: of, title: `case ${of}`, contestants }));
  return { id, rounds, machine, cases: listed };
}
