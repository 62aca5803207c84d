import { expect, test } from "vitest";
import { table } from "./table.ts";

const rows = [
  ["", "p50", "p99"],
  ["ours", "1", "20"],
];

test("the first column is to the left, the others to the right", () => {
  expect(table(rows)).toBe("      p50  p99\nours    1   20\n");
});

test("what is too wide goes on below, beside the first column", () => {
  expect(table(rows, 13)).toBe("      p50\nours    1\n\n      p99\nours   20\n");
  expect(table(rows, 14)).toBe(table(rows));
});

test("a column that fits nowhere is there nevertheless", () => {
  expect(table(rows, 3)).toBe(table(rows, 13));
});
