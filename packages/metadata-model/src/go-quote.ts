import { printableRanges } from "./go-printable.ts";

const printable = printableRanges
  .trim()
  .replace(/[0-9a-f]+/g, "\\u{$&}")
  .replace(/\s+/g, "");
const escaped = new RegExp(`["\\\\]|[^${printable}]`, "gu");

const short = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);

function escapeRune(rune: string): string {
  const code = rune.codePointAt(0) ?? 0;
  const hex = (digits: number) => code.toString(16).padStart(digits, "0");
  if (code < 0x80) return short.get(rune) ?? `\\x${hex(2)}`;
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

/**
 * `text` in the double quotes of Go's `strconv.Quote`, which differs from JSON's: `\a`, `\v`, `\x7f`, `\u00ad`,
 * `\U000e0001`. A lone surrogate is U+FFFD, which is what the API server stores for it.
 */
export function goQuote(text: string): string {
  return `"${text.toWellFormed().replace(escaped, escapeRune)}"`;
}
