/** The most columns of characters that a line should take. */
const widest = 150;

/**
 * Rows of text as aligned columns: the first to the left, the others to the right; under a line each, with two spaces between. Columns
 * that don't fit beside the others come below them, beside the first one again.
 */
export function table(rows: readonly (readonly string[])[], width = widest): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = (columns: readonly number[]) =>
    rows.map((row) =>
      [0, ...columns]
        .map((column) => [row[column] ?? "", widths[column] ?? 0, column] as const)
        .map(([cell, wide, column]) => (column === 0 ? cell.padEnd(wide) : cell.padStart(wide)))
        .join("  "),
    );
  return blocksOf(widths, width)
    .map((columns) => `${lines(columns).join("\n")}\n`)
    .join("\n");
}

/** The columns but the first, in blocks that fit beside it. */
function blocksOf([first = 0, ...others]: readonly number[], width: number): readonly (readonly number[])[] {
  const blocks: number[][] = [[]];
  let left = width - first;
  for (const [index, wide] of others.entries()) {
    if (left < wide + 2 && blocks.at(-1)?.length !== 0) {
      blocks.push([]);
      left = width - first;
    }
    blocks.at(-1)?.push(index + 1);
    left -= wide + 2;
  }
  return blocks;
}
