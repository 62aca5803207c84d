import { type Message, type MessageSchema, decodeMessage, message } from "./message.ts";
import { WireError } from "./wire.ts";

/** What every answer in protobuf begins with: k8s.io/apimachinery/pkg/runtime/serializer/protobuf. */
export const magic = Buffer.from("k8s\0", "latin1");

/** runtime.Unknown; `typeMeta` is of no use to who knows what was asked for. */
const unknown = message({ 2: ["raw", "bytes"] });

/** The message that the bytes of a whole answer, or of the object of an event, hold. Throws a WireError where they hold none. */
export function decodeEnvelope(schema: MessageSchema, bytes: Buffer): Message {
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new WireError("it does not begin with k8s");
  const { raw } = decodeMessage(unknown, bytes.subarray(magic.length));
  return decodeMessage(schema, Buffer.isBuffer(raw) ? raw : Buffer.alloc(0));
}
