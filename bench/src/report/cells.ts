import { type ContestantResult, type FigureName, figures } from "../result.ts";
import { type Spread, spreadOf } from "../spread.ts";

/** A figure over the rounds of a contestant that had one; undefined where none had. */
function spread({ runs }: ContestantResult, name: FigureName): Spread | undefined {
  const values = runs.flatMap((run) => run.figures[name] ?? []);
  return values.length === 0 ? undefined : spreadOf(values);
}

/** It for a person: the median, and where it matters the least and the most. `>` is before what is known to be more. */
export function cell(result: ContestantResult, name: FigureName): string {
  const found = spread(result, name);
  if (!found) return "–";
  const { divisor, digits } = figures[name];
  const text = (value: number): string =>
    (value / divisor).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const beyond = result.runs.some((run) => run.beyond?.includes(name)) ? "> " : "";
  const [median, least, most] = [text(found.median), text(found.least), text(found.most)];
  return least === most ? `${beyond}${median}` : `${beyond}${median} (${least}–${most})`;
}

/** The ratio to another contestant's figure in the same round, the median of those; undefined where there is none. */
export function ratio(
  result: ContestantResult,
  other: ContestantResult | undefined,
  name: FigureName,
): number | undefined {
  const values = result.runs.flatMap(({ figures: own }, round) => {
    const [value, base] = [own[name], other?.runs[round]?.figures[name]];
    return value === undefined || base === undefined || base === 0 ? [] : [value / base];
  });
  return values.length === 0 ? undefined : spreadOf(values).median;
}
