import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { text as anyText } from "../test/arbitraries.ts";
import { haproxyWords } from "../test/haproxy-words.ts";
import { haproxyWord, shellWord, yamlText } from "./render/quote.ts";

const text = anyText.map((one) => one.toWellFormed());

describe("a word of HAProxy", () => {
  test.each([
    ["web-1", "'web-1'"],
    ["it's", "'it'\\''s'"],
    ["a\n  server evil 1.2.3.4\r\0\x7f", "'a   server evil 1.2.3.4   '"],
    ['$HOME # \\ "', "'$HOME # \\ \"'"],
    ["", "''"],
  ])("of %j is %s", (one, expected) => {
    expect(haproxyWord(one)).toBe(expected);
  });

  test("is one word of its line, whatever the text, and the text but for control characters", () => {
    fc.assert(
      fc.property(text, (one) => {
        const expected = one.replaceAll(/\p{Cc}/gu, " ");
        expect(haproxyWords(`server ${haproxyWord(one)} 10.0.0.1`)).toEqual(["server", expected, "10.0.0.1"]);
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ["web-1", "'web-1'"],
  ["it's", "'it'\\''s'"],
  ["a\0b\n$(id)", "'ab\n$(id)'"],
  ["", "''"],
])("a word of a shell of %j is %j", (one, expected) => {
  expect(shellWord(one)).toBe(expected);
});

describe("JSON text as YAML", () => {
  test.each(["1.1", "1.2"] as const)("is read as the same value by YAML %s, on one line", (version) => {
    const value = fc.oneof(text, fc.dictionary(text, text, { noNullPrototype: true }), fc.array(text), fc.nat());
    fc.assert(
      fc.property(value, (one) => {
        const made = yamlText(JSON.stringify(one));
        expect(made).not.toMatch(/[\n\r\x85\u2028\u2029]/);
        expect(parse(`- ${made}\n- next\n`, { version, maxAliasCount: 0 })).toEqual([one, "next"]);
      }),
      { numRuns: 1000 },
    );
  });

  test("is JSON still", () => {
    fc.assert(fc.property(text, (one) => JSON.parse(yamlText(JSON.stringify(one))) === one));
  });

  test("has nothing that YAML 1.1 holds for a line break or for not printable", () => {
    const odd = "\x7f\x85\x9f\u2028\u2029\ufeff\ufffe\uffff";
    expect(yamlText(JSON.stringify(odd))).toMatch(/^"[ -~]+"$/);
  });
});
