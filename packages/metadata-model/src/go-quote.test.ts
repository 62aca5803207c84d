import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goQuote } from "./go-quote.ts";

describe("a text is quoted as Go does it", () => {
  test.each([
    ["", '""'],
    ["web", '"web"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["back\\slash", '"back\\\\slash"'],
    ["\x07\b\f\n\r\t\v", '"\\a\\b\\f\\n\\r\\t\\v"'],
    ["\0\x1b\x7f", '"\\x00\\x1b\\x7f"'],
    ["\x80\xa0\xad", '"\\u0080\\u00a0\\u00ad"'],
    ["äöü € 日本語", '"äöü € 日本語"'],
    ["\u200b\u2028\ufeff", '"\\u200b\\u2028\\ufeff"'],
    ["👍", '"👍"'],
    ["\u{e0001}\u{10ffff}", '"\\U000e0001\\U0010ffff"'],
    ["<a href='x'>&", "\"<a href='x'>&\""],
  ])("%j is %s", (text, quoted) => {
    expect(goQuote(text)).toBe(quoted);
  });

  test("a lone surrogate is the replacement character, which the API server stores for it", () => {
    expect(goQuote("a\ud800b\udc00")).toBe('"a\ufffdb\ufffd"');
  });

  test("a character newer than Go's Unicode 15 is escaped, though this JavaScript may know it", () => {
    expect(goQuote("\u1c89\u{1fae9}")).toBe('"\\u1c89\\U0001fae9"');
  });
});

/** Undoes the escapes, as Go's `strconv.Unquote` would. */
function unquote(quoted: string): string {
  const named: Record<string, string> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
  return quoted
    .slice(1, -1)
    .replace(/\\(?:x(..)|u(.{4})|U(.{8})|(.))/gs, (_, x, u, U, one) =>
      one === undefined ? String.fromCodePoint(Number.parseInt(x ?? u ?? U, 16)) : (named[one] ?? one),
    );
}

test("the property: a quoted text is one line that reads as the text", () => {
  const codePoint = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
  fc.assert(
    fc.property(fc.string({ unit: codePoint }), (text) => {
      const quoted = goQuote(text);
      expect(quoted).not.toMatch(/[\n\r]/);
      expect(unquote(quoted)).toBe(text.toWellFormed());
    }),
  );
});
