import type { ApiErrorCode } from "./error-code.ts";
import { networkError } from "./network-error.ts";
import { codeOfStatus, isStatus, type Status, type StatusCause } from "./status.ts";

export interface ApiErrorDetails {
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** Kubernetes' own word, as in `AlreadyExists`. */
  readonly reason?: string | undefined;
  /** What exactly is wrong, a field each, where the server said. */
  readonly causes?: readonly StatusCause[] | undefined;
  /** How long the server wants us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** What was being done when it failed. */
export interface ApiErrorContext {
  /** For the message: verb, resource, namespace and name, as in `patch configmaps shop/web-peers`. */
  readonly action?: string;
  /** The signal of the request: once it has aborted, whatever error came of that is a cancellation. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Everything that can go wrong between us and the API server, under a closed set of codes. The message begins with the code and
 * says what was being done to which object, and the server's own words.
 */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly causes: readonly StatusCause[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ApiErrorCode, words: string, details: ApiErrorDetails = {}) {
    super(`[${code}] ${words}`, "cause" in details ? { cause: details.cause } : undefined);
    this.name = "ApiError";
    this.code = code;
    this.status = details.status;
    this.reason = details.reason;
    this.causes = details.causes ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }

  /**
   * The single door from `catch` and from a Kubernetes Status to a typed error: an ApiError passes as it is; a Status, an abort, a
   * time-out and a fault of the network get their code; all else is `unknown`.
   */
  static from(error: unknown, { action, signal }: ApiErrorContext = {}): ApiError {
    if (error instanceof ApiError) return error;
    const prefix = action === undefined ? "" : `${action}: `;
    if (isStatus(error)) return fromStatus(error, prefix);
    const name = error instanceof Error ? error.name : "";
    if (name === "TimeoutError") return new ApiError("timeout", `${prefix}it took too long`, { cause: error });
    if (signal?.aborted || name === "AbortError") {
      return new ApiError("canceled", `${prefix}it was canceled`, { cause: error });
    }
    const network = networkError(error);
    if (network) return new ApiError(network.code, prefix + network.words, { cause: error });
    return new ApiError("unknown", prefix + (error instanceof Error ? error.message : String(error)), { cause: error });
  }
}

function fromStatus(status: Status, prefix: string): ApiError {
  const { code, reason, message, details } = status;
  const words = message || reason || "the server gave no reason";
  return new ApiError(codeOfStatus(status), `${prefix}${words}${code === undefined ? "" : ` (HTTP ${code})`}`, {
    status: code,
    reason,
    causes: details?.causes,
    retryAfterMs: details?.retryAfterSeconds === undefined ? undefined : details.retryAfterSeconds * 1000,
  });
}
