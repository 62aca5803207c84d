import fc from "fast-check";
import { expect, test } from "vitest";
import { envelope, int, map, part, podList } from "./writer.ts";
import { readListPage } from "./list-page.ts";
import { message, one } from "./message.ts";
import { WireError } from "./wire.ts";

const wire = message({ 1: ["metadata", one(message({ 1: ["name", "text"], 6: ["resourceVersion", "text"] }))] });
const names = ["a", "wöb-🐳", "x".repeat(300)];
const bytes = podList(names, "7", "next");
const expected = {
  items: names.map((name) => ({ metadata: { name, resourceVersion: "7" } })),
  metadata: { resourceVersion: "7", continue: "next" },
};

async function* inChunksOf(size: number, whole: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

const read = (whole: Buffer, size = 16_384) =>
  readListPage(wire, inChunksOf(size, whole), { maxBytes: 1_000_000, action: "list pods" });

test("a list is its objects and where it stands, in chunks of whatever size", async () => {
  for (let size = 1; size <= bytes.length; size += 1) expect(await read(bytes, size)).toEqual(expected);
});

test("an empty list has no objects", async () => {
  expect(await read(podList([], "7"))).toEqual({ items: [], metadata: { resourceVersion: "7" } });
  expect(await read(envelope("PodList"))).toEqual({ items: [], metadata: {} });
});

test("fields that a later version may add are passed over", async () => {
  const later = envelope(
    "PodList",
    part(1, part(2, "7"), int(4, 3)),
    part(9, "new"),
    part(2, part(1, part(1, "a")), map(9, { a: "b" })),
  );
  expect(await read(later)).toEqual({ items: [{ metadata: { name: "a" } }], metadata: { resourceVersion: "7" } });
});

test("a list that is cut off anywhere is no shorter list, but an error", async () => {
  // the last fields of the envelope are empty, and not waited for
  const end = bytes.length - part(3, "").length - part(4, "").length;
  for (let length = 0; length < end; length += 1) {
    await expect(read(bytes.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({ code: "unavailable" });
  }
  expect(await read(bytes.subarray(0, end))).toEqual(expected);
});

test("an object that is larger than any is refused", async () => {
  await expect(readListPage(wire, inChunksOf(99, bytes), { maxBytes: 300, action: "list pods" })).rejects.toMatchObject(
    { code: "too-large" },
  );
});

test.each<readonly [string, Buffer]>([
  ["JSON", Buffer.from('{"kind":"PodList","items":[]}')],
  ["a list with a number for a field", envelope("PodList", int(2, 7))],
  ["a list with an object that is none", envelope("PodList", part(2, Buffer.from([0x0a, 0x05])))],
  ["a list whose objects have another schema", envelope("PodList", part(2, int(1, 7)))],
  [
    "a list that is longer than it says",
    Buffer.concat([envelope("PodList").subarray(0, 21), Buffer.from([1]), part(2, "")]),
  ],
  ["a length that never ends", Buffer.concat([Buffer.from("k8s\0"), Buffer.alloc(12, 0xff)])],
])("%s is refused", async (_, whole) => {
  await expect(read(whole)).rejects.toThrow(WireError);
});

test("a list that is changed anywhere is read, or is a clean error", async () => {
  const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 200 }),
      async (changes, size) => {
        const changed = Buffer.from(bytes);
        for (const { at, to } of changes) changed[at] = to;
        const outcome = await read(changed, size).catch((error: Error) => error.name);
        if (typeof outcome === "string") expect(["WireError", "ApiError"]).toContain(outcome);
        else expect(outcome.items.length).toBeLessThan(bytes.length);
      },
    ),
    { numRuns: 1_000 },
  );
});
