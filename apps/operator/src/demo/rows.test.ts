import { expect, test } from "vitest";
import { compare, pick, type Row } from "./rows.ts";

const row = (key: string, mark: Row["mark"]): Row => ({ key, text: "", mark });

test("rows are in the order of their keys, each marked with what became of it", () => {
  const before = new Map([
    ["d", "as it was"],
    ["b", "gone now"],
    ["a", "old"],
  ]);
  const now = new Map([
    ["a", "young"],
    ["c", "here now"],
    ["d", "as it was"],
  ]);
  expect(compare(before, now)).toEqual([
    { key: "a", text: "young", mark: "changed" },
    { key: "b", text: "gone now", mark: "gone" },
    { key: "c", text: "here now", mark: "new" },
    { key: "d", text: "as it was", mark: "same" },
  ]);
});

test("where there is room for all rows, all are shown", () => {
  const rows = [row("a", "same"), row("b", "new")];
  expect(pick(rows, 2)).toEqual({ shown: rows, hidden: 0 });
});

test("where there isn't, those that changed are, in their order, and a line is left to tell of the rest", () => {
  const rows = [row("a", "same"), row("b", "same"), row("c", "gone"), row("d", "same"), row("e", "changed")];
  const { shown, hidden } = pick(rows, 4);
  expect(shown.map(({ key }) => key)).toEqual(["a", "c", "e"]);
  expect(hidden).toBe(2);
});

test("without room nothing is shown", () => {
  expect(pick([row("a", "new"), row("b", "new")], 0)).toEqual({ shown: [], hidden: 2 });
});
