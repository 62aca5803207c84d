import fc from "fast-check";
import { expect, test } from "vitest";
import { int, map, part } from "./writer.ts";
import { decodeMessage } from "./message.ts";
import { thing } from "./thing.ts";
import { WireError } from "./wire.ts";

const decode = (...fields: readonly Buffer[]) => decodeMessage(thing, Buffer.concat(fields));

test.each<readonly [string, readonly Buffer[], object]>([
  ["nothing", [], {}],
  ["a text", [part(1, "wöb-🐳")], { name: "wöb-🐳" }],
  ["a long text", [part(1, "wöb-🐳".repeat(100))], { name: "wöb-🐳".repeat(100) }],
  ["an empty text, as Go's JSON leaves it out", [part(1, "")], {}],
  ["text that is no UTF-8", [part(1, Buffer.from([0x61, 0xff]))], { name: "a\ufffd" }],
  ["a number", [int(2, 300)], { count: 300 }],
  ["0, as Go's JSON leaves it out", [int(2, 0)], {}],
  ["a negative number", [int(2, -2)], { count: -2 }],
  ["the largest number", [int(2, 2n ** 63n - 1n)], { count: JSON.parse("9223372036854775807") }],
  ["the smallest number", [int(2, -(2n ** 63n))], { count: JSON.parse("-9223372036854775808") }],
  ["a number past 2^53", [int(2, 2n ** 53n + 3n)], { count: JSON.parse("9007199254740995") }],
  ["true", [int(3, 1)], { on: true }],
  ["false, which is there where it was set", [int(3, 0)], { on: false }],
  ["a time", [part(4, int(1, 1_795_543_200), int(2, 5_000_000))], { at: "2026-11-24T18:00:00Z" }],
  ["a time before 1970", [part(4, int(1, -1))], { at: "1969-12-31T23:59:59Z" }],
  ["no time", [part(4)], {}],
  ["a map", [map(5, { app: "web", "": "x", empty: "" })], { labels: { app: "web", "": "x", empty: "" } }],
  ["an entry without key or value", [part(5)], { labels: { "": "" } }],
  ["quantities", [map(6, { cpu: part(1, "100m"), memory: "" })], { limits: { cpu: "100m", memory: "" } }],
  ["bytes, as base64", [map(7, { a: Buffer.from([0, 255]) })], { blobs: { a: "AP8=" } }],
  ["a message", [part(8, part(1, "a"))], { inner: { name: "a" } }],
  ["a message with nothing in it", [part(8)], { inner: {} }],
  [
    "messages, but those of which nothing is read",
    [part(9, part(1, "a")), part(9, part(2, "b"))],
    { parts: [{ name: "a" }] },
  ],
  ["an embedded message", [part(10, part(1, "a"))], { embedded: "a" }],
  [
    "texts, those too that come twice or are empty",
    [part(11, "b"), part(11, ""), part(11, "b")],
    { kept: ["b", "", "b"] },
  ],
  ["what comes twice: the last", [int(2, 1), int(2, 7), part(1, "a"), part(1, "b")], { name: "b", count: 7 }],
])("%s is read", (_, fields, expected) => {
  expect(decode(...fields)).toEqual(expected);
});

test("a key that JavaScript takes for something else is a key", () => {
  const { labels } = decode(map(5, JSON.parse('{"__proto__":"a","constructor":"b"}')));
  expect(JSON.stringify(labels)).toBe('{"__proto__":"a","constructor":"b"}');
});

test("what isn't in the schema is passed over, of whatever type it is", () => {
  const fixed = (field: number, type: number, bytes: number) =>
    Buffer.concat([Buffer.from([(field << 3) | type]), Buffer.alloc(bytes, 0xff)]);
  const unknown = [
    int(15, 2n ** 64n - 1n),
    part(12, "x".repeat(1_000)),
    fixed(13, 1, 8),
    fixed(14, 5, 4),
    int(1_000_000, 1),
  ];
  expect(decode(...unknown, part(1, "a"), ...unknown)).toEqual({ name: "a" });
});

const tag = (field: number, type: number) => Buffer.from([(field << 3) | type]);
const overlong = Buffer.alloc(11, 0x80);

test.each<readonly [string, Buffer]>([
  ["a tag that is cut short", Buffer.from([0x80])],
  ["a tag that never ends", overlong],
  ["a number that is cut short", Buffer.concat([tag(2, 0), Buffer.from([0x80])])],
  ["a number that never ends", Buffer.concat([tag(2, 0), overlong])],
  ["a number that isn't wanted and never ends", Buffer.concat([tag(15, 0), overlong])],
  ["a length without what it is of", tag(1, 2)],
  ["a length past the end", Buffer.concat([tag(1, 2), Buffer.from([5]), Buffer.from("abcd")])],
  ["a length of 4 GiB", Buffer.concat([tag(1, 2), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f])])],
  ["a negative length", Buffer.concat([tag(1, 2), int(1, -1).subarray(1)])],
  ["a field that isn't wanted and goes past the end", Buffer.concat([tag(15, 2), Buffer.from([9, 1])])],
  ["a field of 8 bytes that is cut short", Buffer.concat([tag(15, 1), Buffer.alloc(7)])],
  ["a field of 4 bytes that is cut short", Buffer.concat([tag(15, 5), Buffer.alloc(3)])],
  ["a length that goes past its message", part(8, Buffer.concat([tag(1, 2), Buffer.from([1])]))],
  ["a group", Buffer.concat([tag(15, 3), tag(15, 4)])],
  ["an unknown wire type", tag(15, 7)],
  ["field 0", part(0, "a")],
  ["a text that is a number", int(1, 7)],
  ["a number that is a text", part(2, "7")],
  ["a message that is a number", int(8, 7)],
  ["a map that is a number", int(5, 7)],
  ["a key that goes past its entry", part(5, Buffer.concat([tag(1, 2), Buffer.from([9, 1])]))],
  ["a time out of range", part(4, int(1, 2n ** 62n))],
])("%s is refused", (_, bytes) => {
  expect(() => decodeMessage(thing, bytes)).toThrow(WireError);
});

test("nothing of what can't be read gets into the error", () => {
  const secret = Buffer.concat([part(1, "hunter2"), tag(8, 2), Buffer.from([50]), Buffer.from("hunter2")]);
  expect(() => decodeMessage(thing, secret)).toThrow(/^(?!.*hunter2)/);
});

/** Bytes as they come from nobody, and bytes that are nearly right. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(12), fc.constantFrom(0, 1, 2, 5), fc.uint8Array({ maxLength: 40 })), { maxLength: 12 }),
    )
    .map(([fields]) =>
      Buffer.concat(fields.flatMap(([field, type, bytes]) => [tag(field, type), Buffer.from([bytes.length]), bytes])),
    ),
);

test("whatever the bytes are, they are read or refused with a WireError, and nothing past their end is looked at", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const read = (around: number): unknown => {
        const whole = Buffer.alloc(bytes.length + 64, around);
        whole.set(bytes);
        try {
          return decodeMessage(thing, whole.subarray(0, bytes.length));
        } catch (error) {
          if (error instanceof WireError) return error.message;
          throw error;
        }
      };
      expect(read(0)).toEqual(read(0x7f));
    }),
    { numRuns: 2_000 },
  );
});

test("texts are the same from wherever they are read, and however many there have been", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 40 }), { maxLength: 200 }), (names) => {
      const bytes = Buffer.concat(names.map((name) => part(9, part(1, name))));
      const expected = names.map((name) => name.toWellFormed()).filter((name) => name !== "");
      expect(decodeMessage(thing, bytes)["parts"] ?? []).toEqual(expected.map((name) => ({ name })));
    }),
  );
});
