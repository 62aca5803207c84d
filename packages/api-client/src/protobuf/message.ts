import { readText } from "./text.ts";
import { type Cursor, lengthType, readInteger, readLength, readSize, skip, varintType, WireError } from "./wire.ts";

/**
 * How the value of a field is read, and what it is in the object:
 * - `text`, `int`: left out where empty or 0, as Go's `omitempty` leaves them out of the JSON;
 * - `list`: a repeated string;
 * - `bool`: on the wire only where it is set, if it is a pointer in Go; others are not for this reader;
 * - `time`: metav1.Time, in RFC 3339 to the second;
 * - `texts`: map<string, string>; `blobs`: map<string, bytes>, in base64; `quantities`: map<string, Quantity>, as texts;
 * - `bytes`: the bytes themselves, which are only there until the reading ends: for what holds another message.
 */
type Scalar = "text" | "list" | "int" | "bool" | "time" | "texts" | "blobs" | "quantities" | "bytes";

/** `inline`: the fields of the message are the object's own, as those of an embedded Go struct. */
interface Nested {
  readonly how: "one" | "many" | "inline";
  readonly message: MessageSchema;
}

/** The name of a field in the JSON, and how it is read. */
export type Field = readonly [name: string, kind: Scalar | Nested];

/** What to read of a message: field number → field. What isn't here is passed over unparsed. */
export interface MessageSchema {
  /** By field number, without holes: the hot path looks each field of the wire up here. */
  readonly fields: readonly (Field | undefined)[];
}

export type Message = Readonly<Record<string, unknown>>;

/**
 * A schema from field numbers, which are those of the `generated.proto` of the type:
 * ```
 * message({ 1: ["name", "text"], 8: ["resources", one(message({ 1: ["limits", "quantities"] }))] })
 * ```
 */
export function message(fields: Readonly<Record<number, Field>>): MessageSchema {
  const last = Math.max(0, ...Object.keys(fields).map(Number));
  return { fields: Array.from({ length: last + 1 }, (_, number) => fields[number]) };
}

/** A message in a field of its own. */
export const one = (schema: MessageSchema): Nested => ({ how: "one", message: schema });
/** Messages, as an array of those of which something is read: a pod has many variables in its environment, and few are of interest. */
export const many = (schema: MessageSchema): Nested => ({ how: "many", message: schema });
/** A message whose fields are those of the one around it: an embedded struct in Go. */
export const inline = (schema: MessageSchema): Nested => ({ how: "inline", message: schema });

/**
 * The fields of the schema that the message has, in the shape of their JSON. Keeps nothing of `bytes`. Of a field that comes twice the
 * last counts. Throws a WireError, and nothing else, for bytes that are no message or one of another schema.
 */
export function decodeMessage(schema: MessageSchema, bytes: Buffer): Message {
  return readMessage(schema, { bytes, at: 0 }, bytes.length, {});
}

type Draft = Record<string, unknown>;

function readMessage(schema: MessageSchema, cursor: Cursor, end: number, draft: Draft): Draft {
  const { fields } = schema;
  while (cursor.at < end) {
    const tag = readSize(cursor, end);
    const number = tag >>> 3;
    if (number === 0) throw new WireError("a field has the number 0");
    const field = number < fields.length ? fields[number] : undefined;
    if (field === undefined) skip(cursor, tag & 7, end);
    else readField(field, tag & 7, cursor, end, draft);
  }
  return draft;
}

function readField([name, kind]: Field, wireType: number, cursor: Cursor, end: number, draft: Draft): void {
  if (kind === "int" || kind === "bool") {
    if (wireType !== varintType) throw new WireError(`${name} is no number`);
    const value = readInteger(cursor, end);
    if (kind === "bool") draft[name] = value !== 0;
    else if (value !== 0) draft[name] = value;
    return;
  }
  if (wireType !== lengthType) throw new WireError(`${name} has no length`);
  const valueEnd = readLength(cursor, end);
  if (kind === "text") {
    if (valueEnd > cursor.at) draft[name] = readText(cursor.bytes, cursor.at, valueEnd);
    cursor.at = valueEnd;
  } else if (typeof kind === "string") readScalar(name, kind, cursor, valueEnd, draft);
  else readNested(name, kind, cursor, valueEnd, draft);
}

function readNested(name: string, { how, message: schema }: Nested, cursor: Cursor, end: number, draft: Draft): void {
  if (how === "inline") {
    readMessage(schema, cursor, end, draft);
    return;
  }
  const value = readMessage(schema, cursor, end, {});
  if (how === "one") draft[name] = value;
  else if (hasFields(value)) append(draft, name, value);
}

function hasFields(value: Draft): boolean {
  for (const _ in value) return true;
  return false;
}

function append(draft: Draft, name: string, value: Draft | string): void {
  const others = draft[name];
  if (Array.isArray(others)) others.push(value);
  else draft[name] = [value];
}

function readScalar(
  name: string,
  kind: Exclude<Scalar, "text" | "int" | "bool">,
  cursor: Cursor,
  end: number,
  draft: Draft,
): void {
  switch (kind) {
    case "time": {
      const { seconds } = readMessage(timestamp, cursor, end, {});
      if (typeof seconds === "number") draft[name] = rfc3339(seconds);
      break;
    }
    case "list":
      append(draft, name, readText(cursor.bytes, cursor.at, end));
      cursor.at = end;
      break;
    case "bytes":
      draft[name] = cursor.bytes.subarray(cursor.at, end);
      cursor.at = end;
      break;
    case "texts":
    case "blobs":
    case "quantities":
      readEntry(kind, cursor, end, mapOf(draft, name));
      break;
  }
}

/** metav1.Time: the JSON has whole seconds, so the nanoseconds are passed over. */
const timestamp = message({ 1: ["seconds", "int"] });

function rfc3339(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) throw new WireError("a time is out of range");
  return date.toISOString().replace(".000Z", "Z");
}

type Texts = Record<string, string>;

function mapOf(draft: Draft, name: string): Texts {
  const map = (draft[name] ?? {}) as Texts;
  draft[name] = map;
  return map;
}

/** An entry of a map: a message of its own, key 1 and value 2, of which what is empty may be missing. */
function readEntry(kind: "texts" | "blobs" | "quantities", cursor: Cursor, end: number, map: Texts): void {
  let key = "";
  let value = "";
  while (cursor.at < end) {
    const tag = readSize(cursor, end);
    if (tag === keyTag || tag === valueTag) {
      const valueEnd = readLength(cursor, end);
      if (tag === keyTag) key = readText(cursor.bytes, cursor.at, valueEnd);
      else value = readValue(kind, cursor, valueEnd);
      cursor.at = valueEnd;
    } else skip(cursor, tag & 7, end);
  }
  // a plain assignment would set the prototype; a ConfigMap may have such a key
  if (key === "__proto__") Object.defineProperty(map, key, { ...plain, value });
  else map[key] = value;
}

const keyTag = (1 << 3) | lengthType;
const valueTag = (2 << 3) | lengthType;
const plain = { configurable: true, enumerable: true, writable: true };

function readValue(kind: "texts" | "blobs" | "quantities", cursor: Cursor, end: number): string {
  if (kind === "texts") return readText(cursor.bytes, cursor.at, end);
  if (kind === "blobs") return cursor.bytes.toString("base64", cursor.at, end);
  const { string } = readMessage(quantity, cursor, end, {});
  return typeof string === "string" ? string : "";
}

/** resource.Quantity */
const quantity = message({ 1: ["string", "text"] });
