import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeEnvelope, encodeMessage } from "./encode.ts";
import { decodeEnvelope } from "./envelope.ts";
import { decodeMessage, type MessageSchema } from "./message.ts";
import { thing } from "./thing.ts";
import { envelope, int, map, part } from "./writer.ts";

test.each<readonly [string, object, readonly Buffer[]]>([
  ["nothing", {}, []],
  ["a text", { name: "wöb-🐳" }, [part(1, "wöb-🐳")]],
  ["an empty text, which Go's omitempty leaves out", { name: "" }, []],
  ["a number", { count: 300 }, [int(2, 300)]],
  ["a negative number", { count: -2 }, [int(2, -2)]],
  ["0, which Go's omitempty leaves out", { count: 0 }, []],
  ["true", { on: true }, [int(3, 1)]],
  ["false, where it is set", { on: false }, [int(3, 0)]],
  ["a time", { at: "2026-11-24T18:00:00Z" }, [part(4, int(1, 1_795_543_200))]],
  ["a map", { labels: { app: "web", long: "x".repeat(300) } }, [map(5, { app: "web", long: "x".repeat(300) })]],
  ["an entry with an empty value", { labels: { empty: "" } }, [part(5, part(1, "empty"))]],
  ["quantities", { limits: { cpu: "100m" } }, [map(6, { cpu: part(1, "100m") })]],
  ["bytes", { blobs: { a: "AP8=" } }, [map(7, { a: Buffer.from([0, 255]) })]],
  ["a message", { inner: { name: "a" } }, [part(8, part(1, "a"))]],
  ["a message with nothing in it", { inner: {} }, [part(8)]],
  ["messages", { parts: [{ name: "a" }, {}] }, [part(9, part(1, "a")), part(9)]],
  ["an embedded message", { embedded: "a" }, [part(10, part(1, "a"))]],
  ["texts", { kept: ["b", ""] }, [part(11, "b"), part(11, "")]],
  ["a field of a large number", { far: "a" }, [part(2047, "a")]],
  ["what isn't in the schema: nothing", { other: "x" }, []],
  ["what is undefined or null: nothing", { name: undefined, labels: null }, []],
])("%s is written", (_, object, fields) => {
  expect(encodeMessage(thing, { ...object })).toEqual(Buffer.concat(fields));
});

test("an object is in an envelope that says what it is", () => {
  const bytes = encodeEnvelope(thing, { apiVersion: "v1", kind: "Thing" }, { name: "a" });
  const written = envelope("Thing", part(1, "a"));
  // what the server writes has two more fields, which are empty
  expect(bytes).toEqual(written.subarray(0, bytes.length));
  expect(decodeEnvelope(thing, bytes)).toEqual({ name: "a" });
});

/** Text of any length and characters, never empty: what is empty is left out. */
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
const texts = fc.dictionary(text, fc.string({ maxLength: 200 }), { minKeys: 1, noNullPrototype: true });
const object = fc.record(
  {
    name: text,
    count: fc.integer().filter((count) => count !== 0),
    on: fc.boolean(),
    labels: texts,
    inner: fc.record({ name: text }),
    parts: fc.array(fc.record({ name: text }), { minLength: 1 }),
    embedded: text,
    kept: fc.array(fc.string(), { minLength: 1 }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

test("whatever is written is read as what it was", () => {
  const again = (schema: MessageSchema, value: object) => decodeMessage(schema, encodeMessage(schema, { ...value }));
  fc.assert(
    fc.property(object, (value) => {
      expect(again(thing, value)).toEqual(value);
    }),
  );
});
