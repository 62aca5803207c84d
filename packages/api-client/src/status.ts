import type { ApiErrorCode } from "./error-code.ts";

/** One reason of several why the server refused an object. */
export interface StatusCause {
  /** As in `FieldValueInvalid` or `ResourceVersionTooLarge`. */
  readonly reason?: string;
  readonly message?: string;
  /** As in `spec.items[0].path`. */
  readonly field?: string;
}

/** The API server's answer when it refuses: metav1.Status, of k8s.io/apimachinery/pkg/apis/meta/v1/types.go. */
export interface Status {
  readonly kind: "Status";
  /** The HTTP status, also where it comes as an event of a watch. */
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly StatusCause[]; readonly retryAfterSeconds?: number };
}

export function isStatus(value: unknown): value is Status {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "Status";
}

/** Reasons that say more than the HTTP status they come with, or that come without one. */
const codeOfReason: Readonly<Record<string, ApiErrorCode>> = {
  AlreadyExists: "already-exists",
  Expired: "gone",
  Gone: "gone",
};

const codeOfHttpStatus: Readonly<Record<number, ApiErrorCode>> = {
  400: "bad-request",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "bad-request",
  406: "bad-request",
  408: "timeout",
  409: "conflict",
  410: "gone",
  413: "too-large",
  415: "bad-request",
  422: "invalid",
  429: "too-many-requests",
  500: "internal",
  502: "unavailable",
  503: "unavailable",
  504: "timeout",
};

/** Watches that fall behind have been told so in words alone, with code 500 (kubernetes#35068 and etcd's own message). */
const expiredWords = /too old resource version|required revision has been compacted/;

export function codeOfStatus({ code = 0, reason = "", message = "" }: Status): ApiErrorCode {
  if (expiredWords.test(message)) return "gone";
  return codeOfReason[reason] ?? codeOfHttpStatus[code] ?? (code >= 500 ? "internal" : "unknown");
}
