/** What went wrong, as a closed set: what a caller decides by. */
export type ApiErrorCode =
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "already-exists"
  | "conflict"
  | "gone"
  | "invalid"
  | "too-large"
  | "too-many-requests"
  | "timeout"
  | "unavailable"
  | "internal"
  | "canceled"
  | "unknown";
