import type { Clock } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import { told } from "./fault-log.ts";
import type { Metrics } from "./metrics.ts";
import type { SourceObserver } from "./mirror/sources.ts";

/** Tells metrics and log of what the watches meet. */
export function observe(metrics: Metrics, log: Logger, clock: Clock): SourceObserver {
  return {
    onContact: ({ resource, scope }) =>
      metrics.lastContact.set({ resource: resource.plural, scope }, clock.now() / 1000),
    onFault({ resource, scope }, fault, retryInMs) {
      metrics.faults.inc({ resource: resource.plural, code: fault.code });
      const where = { resource: resource.plural, namespace: scope, retryInMs: Math.round(retryInMs) };
      log.warn({ ...where, ...told(fault) }, "a watch failed, it will be tried again");
    },
    onPoison({ resource }, error, object) {
      const { namespace, name } = object.metadata;
      log.error({ resource: resource.plural, namespace, name, err: error }, "an object can't be read and is left out");
    },
  };
}
