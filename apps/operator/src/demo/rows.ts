/** What became of a row since the step began: it's new, has another text, is gone, or is as it was. */
export type Mark = "new" | "changed" | "gone" | "same";

/** A line of a list. */
export interface Row {
  readonly key: string;
  readonly text: string;
  readonly mark: Mark;
}

/** The rows of `now`, and those of `before` that are gone, in the order of their keys. */
export function compare(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly Row[] {
  const markOf = (key: string): Mark => {
    if (!now.has(key)) return "gone";
    if (!before.has(key)) return "new";
    return before.get(key) === now.get(key) ? "same" : "changed";
  };
  const keys = [...new Set([...before.keys(), ...now.keys()])].toSorted();
  return keys.map((key) => ({ key, text: now.get(key) ?? before.get(key) ?? "", mark: markOf(key) }));
}

/** As many of `rows` as there is room for, in their order: those that changed before the others. One line is kept to tell of the rest. */
export function pick(rows: readonly Row[], room: number): { readonly shown: readonly Row[]; readonly hidden: number } {
  if (rows.length <= room) return { shown: rows, hidden: 0 };
  const byInterest = rows.toSorted((a, b) => Number(a.mark === "same") - Number(b.mark === "same"));
  const chosen = new Set(byInterest.slice(0, Math.max(0, room - 1)));
  return { shown: rows.filter((row) => chosen.has(row)), hidden: rows.length - chosen.size };
}
