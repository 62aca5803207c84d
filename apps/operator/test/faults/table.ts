/** What came of the cases: milliseconds until all was well, or FAILED. */
export interface Outcomes<Row extends string, Column extends string> {
  note(row: Row, column: Column, outcome: number | "FAILED"): void;
  /** As a table for a terminal, with what stands at its top left; rows of which nothing is known are left out. */
  print(corner: string): string;
}

/** None yet, of these rows and columns. */
export function createOutcomes<Row extends string, Column extends string>(
  rows: readonly Row[],
  columns: readonly Column[],
): Outcomes<Row, Column> {
  const found = new Map<string, string>();
  const keyOf = (row: Row, column: Column) => `${row}\n${column}`;
  return {
    note(row, column, outcome) {
      found.set(keyOf(row, column), outcome === "FAILED" ? outcome : `${Math.round(outcome)}`);
    },
    print(corner) {
      const cells = rows.map((row) => [row, ...columns.map((column) => found.get(keyOf(row, column)) ?? "·")]);
      const some = cells.filter(([, ...outcomes]) => outcomes.some((outcome) => outcome !== "·"));
      return `\n${aligned([[corner, ...columns], ...some])}\n`;
    },
  };
}

/** Columns as wide as their widest cell, the first to the left, the others to the right. */
function aligned(cells: readonly (readonly string[])[]): string {
  const widthOf = (column: number) => Math.max(...cells.map((row) => row[column]?.length ?? 0));
  const lineOf = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widthOf(0)) : cell.padStart(widthOf(i)))).join("  ");
  return cells.map(lineOf).join("\n");
}
