import type { RequestTarget } from "./request-target.ts";

/** How long, in milliseconds, the server may be silent before its answer begins, and within it; 0 is for ever. As undici names them. */
export interface Patience {
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

/** The subresources that stay open for as long as somebody listens. */
const longRunningPath =
  /^\/(api|apis\/[^/]+)\/[^/]+\/(namespaces\/[^/]+\/)?[^/]+\/[^/]+\/(attach|exec|log|portforward|proxy)(\/|$)/;

/** The older way to ask for a watch. */
const watchPath = /^\/(api|apis\/[^/]+)\/[^/]+\/watch\//;

/** How much later than it was asked to the server may end a watch. */
const slackMs = 30_000;

/**
 * How patient to be with a request. The API server ends what is not long-running by itself (--request-timeout), so that one which is
 * silent for `answerTimeoutMs` will stay so. What counts as long-running is its own rule (k8s.io/apiserver/pkg/server/config.go:
 * watches, profiles, and the subresources attach, exec, log, portforward and proxy): these may be silent for ever, but a watch whose client said
 * how long it takes (timeoutSeconds).
 */
export function patienceOf({ path, query }: RequestTarget, answerTimeoutMs: number): Patience {
  if (longRunningPath.test(path) || path.startsWith("/debug/pprof/")) return { headersTimeout: 0, bodyTimeout: 0 };
  const parameters = query === "" ? undefined : new URLSearchParams(query);
  const isWatch = isTrue(parameters?.get("watch")) || watchPath.test(path);
  if (!isWatch) return { headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs };
  const seconds = Number(parameters?.get("timeoutSeconds") ?? 0);
  return {
    headersTimeout: answerTimeoutMs,
    bodyTimeout: seconds > 0 ? Math.min(seconds * 1000 + slackMs, Number.MAX_SAFE_INTEGER) : 0,
  };
}

/** As the API server reads a boolean parameter: there, and neither `false` nor `0` (apimachinery/pkg/runtime/converter). */
function isTrue(value: string | null | undefined): boolean {
  return value !== undefined && value !== null && !/^(false|0)$/i.test(value);
}
