import { expect, test } from "vitest";
import { type Colors, line, spread } from "./line.ts";

const as = (style: string) => (text: string) => `<${style}>${text}</${style}>`;
const colors: Colors = {
  bold: as("bold"),
  dim: as("dim"),
  green: as("green"),
  red: as("red"),
  yellow: as("yellow"),
  cyan: as("cyan"),
};

test("each span is in its style", () => {
  expect(line([["web-0", "bold"], [" is a peer"]], 80, colors)).toBe("<bold>web-0</bold> is a peer");
});

test.each([
  { text: "four", width: 4, cut: "four" },
  { text: "fives", width: 4, cut: "fiv…" },
  { text: "fives", width: 1, cut: "…" },
  { text: "fives", width: 0, cut: "" },
  { text: "世界", width: 4, cut: "世界" },
  { text: "世界", width: 3, cut: "世…" },
  { text: "世界", width: 2, cut: "…" },
  { text: "a👩‍👩‍👧b", width: 4, cut: "a👩‍👩‍👧b" },
  { text: "a👩‍👩‍👧b", width: 3, cut: "a…" },
  { text: "ë✓●", width: 3, cut: "ë✓●" },
])("$text in $width columns is $cut", ({ text, width, cut }) => {
  expect(line([[text]], width, colors)).toBe(cut);
});

test("what comes after a span that is cut is left out, and a style is closed all the same", () => {
  expect(line([["long", "green"], ["more"]], 3, colors)).toBe("<green>lo…</green>");
});

test("control characters don't reach the terminal", () => {
  expect(line([["a\u001B[2Jb\r\nc\u009B"]], 80, colors)).toBe("a�[2Jb�c�");
});

test.each([
  { width: 12, text: "left   right" },
  { width: 10, text: "left right" },
  { width: 9, text: "le… right" },
  { width: 6, text: "left" },
  { width: 3, text: "le…" },
])("left and right in $width columns are '$text'", ({ width, text }) => {
  expect(spread([["left"]], ["right"], width, colors)).toBe(text);
});
