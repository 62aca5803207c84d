/**
 * A table of a Markdown page: the first row is its head, the first column to the left, the others to the right where they are `figures`, as
 * by default.
 */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[], { figures = true } = {}): string {
  const rule = head.map((_, column) => (column > 0 && figures ? "---:" : "---"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * The page with what stands between `<!-- begin:name -->` and `<!-- end:name -->` replaced by `content`, which gets lines of its own;
 * the two markers stay, and so does everything else. Doing it again changes nothing.
 *
 * @throws where the page has not exactly one such pair, in that order.
 */
export function replaceBlock(markdown: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin:${name} -->`, `<!-- end:${name} -->`];
  const [before, afterBegin, ...moreBegins] = markdown.split(begin);
  const [inside, after, ...moreEnds] = (afterBegin ?? "").split(end);
  const isPair = inside !== undefined && after !== undefined && moreBegins.length + moreEnds.length === 0;
  if (before === undefined || !isPair || before.includes(end)) {
    throw new Error(`the page must have ${begin} once and ${end} once after it`);
  }
  return `${before}${begin}\n${content.trim()}\n${end}${after}`;
}
