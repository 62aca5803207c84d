import { ApiError } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import { told } from "./fault-log.ts";
import type { Metrics } from "./metrics.ts";
import { namespaceOf } from "./mirror/interest.ts";
import type { PassReport } from "./mirror/reconciler.ts";
import type { OnThrow } from "./mirror/stores.ts";

/** What is told of passes, to metrics and log. */
export interface Reports {
  readonly onPass: (report: PassReport) => void;
  /** A pass failed, and is tried again in `retryInMs`. */
  readonly onPassFailed: (key: string, error: unknown, retryInMs: number) => void;
  /** Writes of a mirror are held back for so many milliseconds. */
  readonly onThrottle: (key: string, waitMs: number) => void;
  /** Somebody who hears of a change threw. */
  readonly onThrow: OnThrow;
}

/** Tells metrics and log. */
export function createReports(metrics: Metrics, log: Logger): Reports {
  return {
    onPass({ key, written, writes, bytes, peers, problems }) {
      metrics.passes.inc();
      metrics.writes.add(writes);
      metrics.writtenBytes.inc(bytes);
      // what stands in the way is told once, when the condition turns
      log[written > 0 ? "info" : "debug"]({ mirror: key, written, writes, bytes, peers, problems }, "reconciled");
    },
    onPassFailed(key, error, retryInMs) {
      const fault = ApiError.from(error);
      metrics.failures.inc({ code: fault.code });
      // a conflict is how the API server says that our view is a moment behind
      const level = fault.code === "conflict" || fault.code === "already-exists" ? "debug" : "warn";
      log[level](
        { mirror: key, ...told(fault), retryInMs: Math.round(retryInMs) },
        "the pass failed, it will be tried again",
      );
    },
    onThrottle(key, waitMs) {
      metrics.throttled.inc({ namespace: namespaceOf(key) });
      log.debug({ mirror: key, waitMs }, "writes are held back by the byte budget");
    },
    onThrow(kind, { namespace, name }, error) {
      metrics.internalErrors.inc({ kind });
      log.error(
        { kind, namespace, name, err: error },
        "a change could not be dealt with by all who hear of it: this is a bug, report it with what is here",
      );
    },
  };
}
