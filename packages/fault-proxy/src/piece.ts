import { bytesOf } from "./protobuf.ts";

/** A part of an answer that is forwarded as a whole: an event of a stream, or a chunk of any other body. */
export interface Piece {
  readonly bytes: Buffer;
  /** Of an event: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR, and whose it is; undefined of a chunk. */
  readonly event: { readonly type: string; readonly object: string } | undefined;
}

/** Whether the body of this content type is a watch in frames of protobuf. */
export function isFramed(contentType: string): boolean {
  return contentType.startsWith("application/vnd.kubernetes.protobuf");
}

/**
 * The events of a watch, each as soon as it's there: a line of JSON, or of protobuf its length in four bytes and then as many
 * (k8s.io/apimachinery/pkg/util/framer). What is left in the end is a piece too.
 */
export async function* eventsOf(
  chunks: AsyncIterable<Buffer>,
  framed: boolean,
): AsyncGenerator<Piece, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let end = endOf(held, framed); end !== undefined; end = endOf(held, framed)) {
      const bytes = held.subarray(0, end);
      yield { bytes, event: framed ? frameEvent(bytes) : lineEvent(bytes) };
      held = held.subarray(end);
    }
  }
  if (held.length > 0) yield { bytes: held, event: undefined };
}

/** The chunks of any other body. */
export async function* chunksOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece, void, undefined> {
  for await (const bytes of chunks) yield { bytes, event: undefined };
}

function endOf(held: Buffer, framed: boolean): number | undefined {
  if (framed) {
    const end = held.length < 4 ? Infinity : 4 + held.readUInt32BE(0);
    return end <= held.length ? end : undefined;
  }
  const newline = held.indexOf("\n");
  return newline === -1 ? undefined : newline + 1;
}

function lineEvent(line: Buffer): Piece["event"] {
  const { type, object } = JSON.parse(line.toString()) as { type: string; object?: { metadata?: Named } };
  const { namespace = "", name = "" } = object?.metadata ?? {};
  return { type, object: `${namespace}/${name}` };
}

interface Named {
  readonly namespace?: string;
  readonly name?: string;
}

/** metav1.WatchEvent (type, object.raw), in raw after "k8s\0" a runtime.Unknown (raw), in that an object (metadata), in that name and namespace. */
function frameEvent(frame: Buffer): Piece["event"] {
  const event = frame.subarray(4);
  const envelope = bytesOf(bytesOf(event, 2), 1).subarray(4);
  const metadata = bytesOf(bytesOf(envelope, 2), 1);
  const [type, name, namespace] = [bytesOf(event, 1), bytesOf(metadata, 1), bytesOf(metadata, 3)].map(String);
  return { type: type ?? "", object: `${namespace}/${name}` };
}
