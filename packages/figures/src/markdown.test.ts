import { expect, test } from "vitest";
import { markdownTable, replaceBlock } from "./markdown.ts";

const page = "# Page\n\n<!-- begin:a -->\nold\n<!-- end:a -->\n\ntext\n<!-- begin:b --><!-- end:b -->\n";

test("what stands between the markers of that name is replaced, and nothing else", () => {
  expect(replaceBlock(page, "a", "one\ntwo\n")).toBe(page.replace("old", "one\ntwo"));
  expect(replaceBlock(page, "b", "$& new")).toBe(page.replace("<!-- end:b", "\n$$& new\n<!-- end:b"));
});

test("doing it again changes nothing", () => {
  const once = replaceBlock(page, "b", "new");
  expect(replaceBlock(once, "b", "new")).toBe(once);
});

test.for([
  ["none", ""],
  ["no end", "<!-- begin:a -->"],
  ["no begin", "<!-- end:a -->"],
  ["the wrong order", "<!-- end:a --><!-- begin:a -->"],
  ["two", `${page}${page}`],
  ["a second end before", `<!-- end:a -->${page}`],
  ["a second end after", `${page}<!-- end:a -->`],
])("a page with %s is refused", ([, markdown = ""]) => {
  expect(() => replaceBlock(markdown, "a", "new")).toThrow("<!-- begin:a --> once and <!-- end:a --> once after it");
});

test("the first column of a table is to the left, figures to the right", () => {
  expect(
    markdownTable([
      ["", "p50", "p99"],
      ["ours", "1", "2"],
    ]),
  ).toBe("|  | p50 | p99 |\n| --- | ---: | ---: |\n| ours | 1 | 2 |");
});
