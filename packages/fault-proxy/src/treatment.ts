import type { ApiRequest } from "./api-request.ts";
import type { Fault } from "./fault.ts";
import { type Refusal, refusal } from "./refusal.ts";

/** What becomes of a request: it's forwarded, whatever becomes of the answer, or it gets another answer, or none. */
export type Treatment =
  | { readonly type: "forward"; readonly delayMs: number }
  | { readonly type: "answer"; readonly refusal: Refusal; readonly strikes: boolean }
  | { readonly type: "silence" };

/** What a fault makes of a request. */
export function treatmentOf(fault: Fault, { kind, continues }: ApiRequest): Treatment {
  const { type } = fault;
  if (type === "delay") return { type: "forward", delayMs: fault.ms };
  if (type === "stall") return { type: "silence" };
  if (type === "refusal") return answer(refusal(fault.code, fault.retryAfterSeconds));
  if (kind === "streamed list" && isPaged.has(type)) return answer(refusal(422), type === "no streamed lists");
  if (continues && type === "expired continue") return answer(refusal(410));
  return { type: "forward", delayMs: 0 };
}

const answer = (no: Refusal, strikes = true): Treatment => ({ type: "answer", refusal: no, strikes });

/** Faults with which lists come in pages. */
const isPaged = new Set<Fault["type"]>(["no streamed lists", "truncated page", "expired continue"]);

/**
 * What becomes of a stream that is open when a fault begins; `keep`: what comes in it from now on is
 * tampered with; `tell`: an ERROR event, as with `expire`, but it's the fault itself.
 */
export type OpenStream = "keep" | "end" | "reset" | "silence" | "expire" | "tell";

/** What a fault makes of an open stream. */
export const openStream: Readonly<Record<Fault["type"], OpenStream>> = {
  delay: "keep",
  stall: "end",
  "half-open": "silence",
  "reset before the answer": "reset",
  "reset in the body": "keep",
  cut: "keep",
  refusal: "end",
  "error event": "tell",
  "truncated page": "expire",
  "expired continue": "expire",
  "no bookmarks": "expire",
  "no streamed lists": "expire",
  duplicates: "keep",
  reordered: "keep",
  trickle: "keep",
  untrusted: "reset",
  "no handshake": "reset",
  refused: "reset",
  unresolved: "reset",
};
