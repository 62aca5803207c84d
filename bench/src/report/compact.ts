import type { Case, Figures, Run, WorkloadResult } from "../result.ts";

/**
 * A result as it is kept in docs/figures/bench: figures with 4 digits that count, latencies with a tenth of a millisecond, a line for
 * each turn, so that a change can be read. The same result gives the same bytes, and so does what was read back.
 */
export function compactText(result: WorkloadResult): string {
  const { id, rounds, machine, cases } = result;
  const text = JSON.stringify({ id, rounds, machine, cases: cases.map(compactCase) });
  // an object that begins like this is none of a string: there the quotes would be escaped
  return `${text.replaceAll(/(?=\{"(?:id|figures)":)/g, "\n").trimStart()}\n`;
}

function compactCase({ contestants, ...given }: Case): Case {
  return { ...given, contestants: contestants.map((result) => ({ ...result, runs: result.runs.map(compactRun) })) };
}

function compactRun({ figures, latencies, failure, ...run }: Run): Run {
  return {
    figures: rounded(figures),
    ...run,
    // what the program wrote before its end is of the machine
    ...(failure !== undefined && { failure: failure.split("\n", 1)[0] ?? "" }),
    ...(latencies && { latencies: latencies.map((ms) => Math.round(ms * 10) / 10) }),
  };
}

function rounded(figures: Figures): Figures {
  const entries = Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]);
  return Object.fromEntries(entries) as Figures;
}
