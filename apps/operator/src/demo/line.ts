/** How a piece of text is to look. */
export type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

/** Makes text look so, as picocolors does. */
export type Colors = Readonly<Record<Style, (text: string) => string>>;

/** A piece of text in one style. */
export type Span = readonly [text: string, style?: Style];

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The characters of a text as a reader counts them. Control characters are replaced: they would move the cursor, or worse. */
function* characters(text: string): Generator<string, void, undefined> {
  for (const { segment } of graphemes.segment(text)) yield segment.replaceAll(/\p{Cc}/gu, "�");
}

/** The beginning of a text, at most `room` characters of it: what is too long ends in `…`. */
function cut(text: string, room: number): { readonly text: string; readonly length: number; readonly whole: boolean } {
  const taken: string[] = [];
  for (const character of characters(text)) {
    if (taken.length === room)
      return { text: [...taken.slice(0, -1), "…"].slice(0, room).join(""), length: room, whole: false };
    taken.push(character);
  }
  return { text: taken.join(""), length: taken.length, whole: true };
}

/** The spans as one line of at most `width` characters, each counted as one column. */
export function line(spans: readonly Span[], width: number, colors: Colors): string {
  let room = width;
  let text = "";
  for (const [raw, style] of spans) {
    const piece = cut(raw, room);
    text += style === undefined ? piece.text : colors[style](piece.text);
    room -= piece.length;
    if (!piece.whole) break;
  }
  return text;
}

/** One line: `left` from the left, `right` up to the right margin. It's `left` that is cut, and `right` that is left out if need be. */
export function spread(left: readonly Span[], right: Span, width: number, colors: Colors): string {
  const room = width - right[0].length - 1;
  if (room <= 0) return line(left, width, colors);
  const gap = room - left.reduce((sum, [text]) => sum + cut(text, room).length, 0);
  return `${line(left, room, colors)}${" ".repeat(Math.max(0, gap) + 1)}${line([right], width, colors)}`;
}
