import type { RefusalCode } from "./fault.ts";
import { int, part } from "./protobuf.ts";

/** An answer that says no. */
export interface Refusal {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A metav1.Status. */
  readonly status: Readonly<Record<string, unknown>>;
}

/** The words of k8s.io/apimachinery/pkg/apis/meta/v1/types.go. */
const reasons: Readonly<Record<RefusalCode | 422, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
};

/** The refusal with this code, as an API server words it: a Status in JSON, which every client takes. */
export function refusal(code: RefusalCode | 422, retryAfterSeconds?: number): Refusal {
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `the fault proxy says ${code}`,
    reason: reasons[code],
    code,
  };
  const retryAfter = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  return { code, headers: { "content-type": "application/json", ...retryAfter }, status };
}

/** The ERROR event with this code, as a line of JSON or as a frame of protobuf. */
export function errorEvent(code: 410 | 500, isProtobuf: boolean): Buffer {
  const { status } = refusal(code);
  if (!isProtobuf) return Buffer.from(`${JSON.stringify({ type: "ERROR", object: status })}\n`);
  const fields = [part(2, "Failure"), part(3, String(status["message"])), part(4, reasons[code]), int(6, code)];
  const typeMeta = part(1, part(1, "v1"), part(2, "Status"));
  const raw = Buffer.concat([Buffer.from("k8s\0"), typeMeta, part(2, ...fields)]);
  const event = Buffer.concat([part(1, "ERROR"), part(2, part(1, raw))]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(event.length);
  return Buffer.concat([head, event]);
}
