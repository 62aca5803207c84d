import { ApiError } from "../api-error.ts";
import { magic } from "./envelope.ts";
import { decodeMessage, type Message, type MessageSchema, message } from "./message.ts";
import { type PiecesOptions, pieces } from "./pieces.ts";
import { lengthType, readSize, WireError } from "./wire.ts";

/** A list as far as it is read: its objects, and of metav1.ListMeta what is needed. */
interface Page {
  readonly items: readonly Message[];
  readonly metadata: Message;
}

const listMeta = message({ 2: ["resourceVersion", "text"], 3: ["continue", "text"] });

/** Of runtime.Unknown. */
const rawTag = (2 << 3) | lengthType;
/** Of every list of the API. */
const metadataTag = (1 << 3) | lengthType;
const itemTag = (2 << 3) | lengthType;

/**
 * Reads a list while it comes: each object as soon as it is whole, so that there is never more in memory than what the schema keeps and
 * the bytes of one object. Throws a WireError for what is no list, an ApiError for one that is cut off or has an object of more than
 * `options.maxBytes`.
 */
export async function readListPage(
  schema: MessageSchema,
  chunks: AsyncIterable<Buffer>,
  options: PiecesOptions,
): Promise<Page> {
  const items: Message[] = [];
  let metadata: Message = {};
  /** How many bytes of the list itself are to come, once that is known. */
  let left: number | undefined;
  const lengthOf = (bytes: Buffer, start: number, end: number): number | undefined =>
    left === undefined ? prefixOf(bytes, start, end)?.length : fieldOf(bytes, start, end)?.length;
  for await (const piece of pieces(chunks, lengthOf, options)) {
    if (left === undefined) {
      left = prefixOf(piece, 0, piece.length)?.left;
    } else if (left > 0) {
      const field = fieldOf(piece, 0, piece.length);
      const value = piece.subarray(field?.headLength);
      if (field?.tag === itemTag) items.push(decodeMessage(schema, value));
      if (field?.tag === metadataTag) metadata = decodeMessage(listMeta, value);
      left -= piece.length;
      if (left < 0) throw new WireError("a field of a list is longer than the list");
    }
    // what follows the list is the rest of runtime.Unknown, of no use
  }
  if (left !== 0)
    throw new ApiError("unavailable", `${options.action}: the connection was cut in the middle of the list`);
  return { items, metadata };
}

/** What comes before the fields of the list: its length, and that of the list; undefined while it isn't there whole. */
function prefixOf(
  bytes: Buffer,
  start: number,
  end: number,
): { readonly length: number; readonly left: number } | undefined {
  if (end - start < magic.length) return undefined;
  if (magic.compare(bytes, start, start + magic.length) !== 0) throw new WireError("it does not begin with k8s");
  for (let at = start + magic.length; at < end; ) {
    const field = fieldOf(bytes, at, end);
    if (field === undefined) return undefined;
    const { tag, headLength, length } = field;
    if (tag === rawTag) return { length: at + headLength - start, left: length - headLength };
    at += length;
  }
  return undefined;
}

interface FieldHead {
  readonly tag: number;
  /** Bytes of tag and length. */
  readonly headLength: number;
  /** Bytes of all of it. */
  readonly length: number;
}

/** The field that begins at `start`; undefined while its head isn't there whole. Lists and their envelopes have no numbers. */
function fieldOf(bytes: Buffer, start: number, end: number): FieldHead | undefined {
  const tagEnd = varintEnd(bytes, start, end);
  const headEnd = tagEnd === undefined ? undefined : varintEnd(bytes, tagEnd, end);
  if (headEnd === undefined) return undefined;
  const cursor = { bytes, at: start };
  const tag = readSize(cursor, headEnd);
  if ((tag & 7) !== lengthType) throw new WireError("a field of a list has no length");
  const headLength = headEnd - start;
  return { tag, headLength, length: headLength + readSize(cursor, headEnd) };
}

const longestSize = 5;

/** Where the tag or length that begins at `start` ends; undefined while that isn't there. */
function varintEnd(bytes: Buffer, start: number, end: number): number | undefined {
  for (let at = start; at < end; at += 1) {
    if ((bytes[at] ?? 0) < 0x80) return at + 1;
    if (at - start >= longestSize) throw new WireError("a tag or a length is too long");
  }
  return undefined;
}
