import { expect, test } from "vitest";
import { createSeqScanner } from "./seq-scanner.ts";

const stream = Buffer.from(
  [
    `{"type":"ADDED","object":{"data":{"a":"seq-00000001 seq-00000002"}}}`,
    `{"type":"MODIFIED","object":{"data":{"a":"seq-12345678","b":"seq-1234567"}}}`,
    `{"type":"BOOKMARK","object":{}}`,
    `{"type":"DELETED","object":{"data":{"a":"seq-seq-00000003"}}}`,
    "",
  ].join("\n"),
);
const expected = [
  ["ADDED", 68, [1, 2]],
  ["MODIFIED", 76, [12_345_678]],
  ["other", 31, []],
  ["DELETED", 61, [3]],
];

test.each([1, 2, 3, 5, 7, 11, 12, 13, 50, 100, 1000])(
  "each number of each line is found once where chunks have %d bytes",
  (size) => {
    const lines: unknown[] = [];
    const scan = createSeqScanner({ line: (type, bytes, seqs) => void lines.push([type, bytes, seqs]) });
    for (let at = 0; at < stream.length; at += size) scan(stream.subarray(at, at + size));
    expect(lines).toEqual(expected);
  },
);

test("a line that has not come whole tells nothing", () => {
  const lines: unknown[] = [];
  createSeqScanner({ line: (...line) => void lines.push(line) })(stream.subarray(0, 60));
  expect(lines).toEqual([]);
});

test.each([1, 100, 511, 512, 513, 2_000])(
  "a line's begin is told, whatever comes behind: chunks of %d bytes",
  (size) => {
    const heads: string[] = [];
    const scan = createSeqScanner({ line: (_type, _bytes, _seqs, head) => void heads.push(head) });
    const text = Buffer.from(`${"a".repeat(1_000)}\nshort\n`);
    for (let at = 0; at < text.length; at += size) scan(text.subarray(at, at + size));
    expect(heads).toEqual(["a".repeat(512), "short"]);
  },
);
