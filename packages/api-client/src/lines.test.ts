import { expect, test } from "vitest";
import { createLineCutter } from "./lines.ts";

/** As a promise, so that what it throws is a rejection. */
async function split(chunks: readonly Buffer[], maxBytes = 1_000): Promise<readonly string[]> {
  const { cut, end } = createLineCutter(maxBytes);
  return [...chunks.flatMap((chunk) => [...cut(chunk)]), ...end()];
}

const text = Buffer.from("wö\r\n\n🐳\r\n\r\nlast\n");
const expected = ["wö", "🐳", "last"];

test("however a text is cut in three, its lines are the same", async () => {
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const chunks = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)];
      expect(await split(chunks)).toEqual(expected);
    }
  }
});

test("what follows the last end of line is a line too", async () => {
  expect(await split([Buffer.from("a\nb"), Buffer.from("c")])).toEqual(["a", "bc"]);
  expect(await split([])).toEqual([]);
});

test("a carriage return inside a line is part of it", async () => {
  expect(await split([Buffer.from("a\rb\r\nc\rd\n")])).toEqual(["a\rb", "c\rd"]);
});

test("a line may be as long as allowed, in one chunk or in many, and not longer", async () => {
  const many = Array.from({ length: 10 }, () => Buffer.from("x"));
  const end = Buffer.from("\n");
  expect(await split([...many, end], 10)).toEqual(["xxxxxxxxxx"]);
  await expect(split([...many, end], 9)).rejects.toThrow("[too-large] the server sent a line of more than 9 bytes");
  await expect(split([Buffer.from("xxxxxxxxxx\n")], 9)).rejects.toThrow("too-large");
  await expect(split([Buffer.from("xxxxxxxxxx")], 9)).rejects.toThrow("too-large");
});

test("the bound is of one line, not of all of them", async () => {
  expect(await split([Buffer.from("aaaa\nbbbb\ncccc\n")], 4)).toEqual(["aaaa", "bbbb", "cccc"]);
  expect(
    await split(
      ["aaa", "a\nbbb", "b\n"].map((text) => Buffer.from(text)),
      4,
    ),
  ).toEqual(["aaaa", "bbbb"]);
});
