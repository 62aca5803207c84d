import { magic } from "./envelope.ts";
import type { Field, Message, MessageSchema } from "./message.ts";
import { lengthType, varintType } from "./wire.ts";

/** What a request holds in protobuf: the object as its schema has it, with the type that it is of. */
export function encodeEnvelope(
  schema: MessageSchema,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  object: Message,
): Buffer {
  const typeMeta = lengthy(1, [...text(1, apiVersion), ...text(2, kind)]);
  return joined([magic, ...typeMeta, ...lengthy(2, fieldsOf(schema, object))]);
}

/**
 * The bytes of a message, the other way round than `decodeMessage`: of `object` what the schema has, and nothing of what is empty,
 * as Go's `omitempty` has it. What the object has beside the schema is left out: see that the schema has all that it is to hold.
 */
export function encodeMessage(schema: MessageSchema, object: Message): Buffer {
  return joined(fieldsOf(schema, object));
}

/** What is sent in UTF-8, and how many bytes that takes. */
interface Text {
  readonly text: string;
  readonly length: number;
}

/** Bytes in pieces, so that what lies deep in a message is written once, where it belongs. A number is a tag or a length, below 2^31. */
type Pieces = readonly (Buffer | Text | number)[];

function lengthOf(pieces: Pieces): number {
  return pieces.reduce<number>((sum, piece) => sum + (typeof piece === "number" ? sizeLength(piece) : piece.length), 0);
}

function joined(pieces: Pieces): Buffer {
  const bytes = Buffer.allocUnsafe(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === "number") at = writeSize(bytes, at, piece);
    else at += Buffer.isBuffer(piece) ? piece.copy(bytes, at) : bytes.write(piece.text, at);
  }
  return bytes;
}

function sizeLength(value: number): number {
  let length = 1;
  for (let left = value; left > 127; left >>>= 7) length += 1;
  return length;
}

/** Answers where it ends. */
function writeSize(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let left = value;
  for (; left > 127; left >>>= 7) bytes[at++] = (left & 127) | 0x80;
  bytes[at++] = left;
  return at;
}

function utf8(text: string): Text {
  return { text, length: Buffer.byteLength(text) };
}

function fieldsOf({ fields }: MessageSchema, object: Message): Pieces {
  return fields.flatMap((field, number) => (field === undefined ? [] : fieldOf(number, field, object)));
}

function fieldOf(number: number, [name, kind]: Field, object: Message): Pieces {
  // what is embedded has no name, or its fields are the object's own
  if (typeof kind === "object" && kind.how === "inline") {
    const inner = fieldsOf(kind.message, object);
    return inner.length === 0 ? [] : lengthy(number, inner);
  }
  const value = object[name];
  if (value === undefined || value === null) return [];
  if (typeof kind === "object") {
    const items = (kind.how === "one" ? [value] : value) as readonly Message[];
    return items.flatMap((item) => lengthy(number, fieldsOf(kind.message, item)));
  }
  switch (kind) {
    case "text":
      return text(number, value as string);
    case "list":
      return (value as readonly string[]).flatMap((item) => lengthy(number, [utf8(item)]));
    case "int":
      return value === 0 ? [] : integer(number, BigInt(value as number));
    case "bool":
      return integer(number, value === true ? 1n : 0n);
    case "time":
      return lengthy(number, integer(1, BigInt(Date.parse(value as string)) / 1000n));
    case "bytes":
      return lengthy(number, [value as Buffer]);
    case "texts":
    case "blobs":
    case "quantities":
      return Object.entries(value as Readonly<Record<string, string>>).flatMap(([key, item]) =>
        lengthy(number, [...text(1, key), ...valueOf(kind, item)]),
      );
  }
}

function valueOf(kind: "texts" | "blobs" | "quantities", value: string): Pieces {
  if (kind === "texts") return text(2, value);
  return lengthy(2, kind === "blobs" ? [Buffer.from(value, "base64")] : text(1, value));
}

function text(number: number, value: string): Pieces {
  return value === "" ? [] : lengthy(number, [utf8(value)]);
}

/** int32 and int64 alike: a negative one is written as if it were of 64 bits. */
function integer(number: number, value: bigint): Pieces {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, value);
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 0x80);
  return [number * 8 + varintType, Buffer.from([...bytes, Number(left)])];
}

function lengthy(number: number, content: Pieces): Pieces {
  return [number * 8 + lengthType, lengthOf(content), ...content];
}
