import type { Status } from "../status.ts";
import { decodeEnvelope } from "./envelope.ts";
import { many, message, one } from "./message.ts";

/** metav1.Status of k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto, as far as an error tells of it. */
const status = message({
  3: ["message", "text"],
  4: ["reason", "text"],
  5: [
    "details",
    one(
      message({
        4: ["causes", many(message({ 1: ["reason", "text"], 2: ["message", "text"], 3: ["field", "text"] }))],
        5: ["retryAfterSeconds", "int"],
      }),
    ),
  ],
  6: ["code", "int"],
});

/** The Status in the bytes of a refusal, or of an ERROR event. Throws a WireError where there is none. */
export function decodeStatus(bytes: Buffer): Status {
  return { ...decodeEnvelope(status, bytes), kind: "Status" };
}
