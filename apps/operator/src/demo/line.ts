/** How a piece of text is to look. */
export type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

/** Makes text look so, as picocolors does. */
export type Colors = Readonly<Record<Style, (text: string) => string>>;

/** A piece of text in one style. */
export type Span = readonly [text: string, style?: Style];

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A character as a reader counts them, or several, and how many columns they take at the most: East Asian ones and emoji take two. */
interface Text {
  readonly text: string;
  readonly columns: number;
}

/** Control characters are replaced: they would move the cursor, or worse. */
function* characters(text: string): Generator<Text, void, undefined> {
  for (const { segment } of graphemes.segment(text)) {
    const wide = /[\u1100-\u1FFF\u2E80-\u{10FFFF}]|\p{Emoji_Presentation}/u.test(segment);
    yield { text: /\p{Cc}/u.test(segment) ? "\uFFFD" : segment, columns: wide ? 2 : 1 };
  }
}

/** The beginning of a text, at most `room` columns, 1 or more, of it: what is too long ends in `…`. */
function cut(text: string, room: number): Text {
  const taken: Text[] = [];
  let columns = 0;
  for (const character of characters(text)) {
    taken.push(character);
    columns += character.columns;
    if (columns <= room) continue;
    while (columns > room - 1) columns -= taken.pop()?.columns ?? 0;
    return { text: `${textOf(taken)}…`, columns: room };
  }
  return { text: textOf(taken), columns };
}

function textOf(taken: readonly Text[]): string {
  return taken.map(({ text }) => text).join("");
}

/** The spans as one line of at most `width` columns. */
export function line(spans: readonly Span[], width: number, colors: Colors): string {
  let room = width;
  let text = "";
  for (const [raw, style] of spans) {
    if (room <= 0) break;
    const piece = cut(raw, room);
    text += style === undefined ? piece.text : colors[style](piece.text);
    room -= piece.columns;
  }
  return text;
}

/** One line: `left` from the left, `right` up to the right margin. Of the two `left` is cut, or `right` left out. */
export function spread(left: readonly Span[], right: Span, width: number, colors: Colors): string {
  const room = width - right[0].length - 1;
  if (room <= 0) return line(left, width, colors);
  const gap = room - left.reduce((sum, [text]) => sum + cut(text, room).columns, 0);
  return `${line(left, room, colors)}${" ".repeat(Math.max(0, gap) + 1)}${line([right], width, colors)}`;
}
