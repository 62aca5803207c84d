/** What the bytes of a message can't be: cut short, or no protobuf at all. Nothing of them is repeated, which may be secret. */
export class WireError extends Error {
  constructor(words: string) {
    super(`no protobuf message that can be read: ${words}`);
    this.name = "WireError";
  }
}

/** Bytes, and how far they have been read. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/** How a field's value is written, the low three bits of its tag. Groups (3 and 4) are refused, as Go's readers do. */
export const varintType = 0;
const fixed64Type = 1;
export const lengthType = 2;
const fixed32Type = 5;

const twoTo32 = 2 ** 32;
const longestVarint = 10;

/** A tag or a length: below 2^31, as protobuf bounds both. Throws a WireError for anything else, and for what goes past `end`. */
export function readSize(cursor: Cursor, end: number): number {
  const { bytes } = cursor;
  const first = cursor.at < end ? (bytes[cursor.at] ?? 0) : 0x80;
  if (first < 0x80) {
    cursor.at += 1;
    return first;
  }
  const value = readInteger(cursor, end);
  if (value < 0 || value > 0x7fffffff) throw new WireError("a tag or a length is too large");
  return value;
}

/** An int32 or int64; past 2^53 the nearest number, as JSON.parse gives it. Throws a WireError where it is too long or cut short. */
export function readInteger(cursor: Cursor, end: number): number {
  const { bytes } = cursor;
  let low = 0;
  let high = 0;
  for (let index = 0; index < longestVarint; index += 1) {
    if (cursor.at >= end) throw new WireError("a number is cut short");
    const byte = bytes[cursor.at] ?? 0;
    cursor.at += 1;
    const bits = byte & 0x7f;
    if (index < 4) low |= bits << (7 * index);
    else if (index === 4) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (7 * index - 32);
    if (byte < 0x80) return (high | 0) * twoTo32 + (low >>> 0);
  }
  throw new WireError("a number is too long");
}

/** Where the value that begins here, with its length before it, ends. The cursor goes on to where it begins. */
export function readLength(cursor: Cursor, end: number): number {
  const length = readSize(cursor, end);
  if (length > end - cursor.at) throw new WireError("a field is longer than what it is part of");
  return cursor.at + length;
}

/** Passes over a value, unread. */
export function skip(cursor: Cursor, wireType: number, end: number): void {
  if (wireType === lengthType) cursor.at = readLength(cursor, end);
  else if (wireType === varintType) readInteger(cursor, end);
  else cursor.at += fixedSize(wireType);
  if (cursor.at > end) throw new WireError("a field is cut short");
}

function fixedSize(wireType: number): number {
  if (wireType === fixed64Type) return 8;
  if (wireType === fixed32Type) return 4;
  throw new WireError(`a field has the unknown wire type ${wireType}`);
}
