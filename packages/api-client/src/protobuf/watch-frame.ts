import type { LengthOf } from "./pieces.ts";
import { decodeEnvelope } from "./envelope.ts";
import { decodeMessage, inline, type Message, type MessageSchema, message, one } from "./message.ts";
import { decodeStatus } from "./status.ts";
import { WireError } from "./wire.ts";

const headBytes = 4;

/** A frame is its length in four bytes, then as many: k8s.io/apimachinery/pkg/util/framer. */
export const frameLength: LengthOf = (bytes, start, end) =>
  end - start < headBytes ? undefined : headBytes + bytes.readUInt32BE(start);

/** metav1.WatchEvent, whose object is a runtime.RawExtension. */
const watchEvent = message({ 1: ["type", "text"], 2: ["object", inline(message({ 1: ["raw", "bytes"] }))] });

/** Whatever a bookmark is one of, it has this. */
const bookmark = message({
  1: ["metadata", one(message({ 6: ["resourceVersion", "text"], 12: ["annotations", "texts"] }))],
});

/** The event of a frame: metav1.WatchEvent as its JSON has it, but of the object only what `schema` reads. Throws a WireError. */
export function decodeWatchFrame(
  schema: MessageSchema,
  frame: Buffer,
): { readonly type: unknown; readonly object: unknown } {
  const { type, raw } = decodeMessage(watchEvent, frame.subarray(headBytes));
  if (!Buffer.isBuffer(raw)) throw new WireError("an event has no object");
  return { type, object: objectOf(schema, type, raw) };
}

function objectOf(schema: MessageSchema, type: unknown, raw: Buffer): Message | ReturnType<typeof decodeStatus> {
  if (type === "ERROR") return decodeStatus(raw);
  return decodeEnvelope(type === "BOOKMARK" ? bookmark : schema, raw);
}
