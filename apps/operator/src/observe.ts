import type { Logger } from "pino";
import { told } from "./fault-log.ts";
import type { Metrics } from "./metrics.ts";
import type { PodSourceObserver } from "./mirror/pod-sources.ts";

/** Tells metrics and log of what the watches meet. */
export function observe(metrics: Metrics, log: Logger): PodSourceObserver {
  return {
    onFault({ resource, scope }, fault, retryInMs) {
      metrics.faults.inc({ resource: resource.plural, code: fault.code });
      const where = { resource: resource.plural, namespace: scope, retryInMs: Math.round(retryInMs) };
      log.warn({ ...where, ...told(fault) }, "a watch failed, it will be tried again");
    },
    onPoison({ resource }, error, object) {
      metrics.unreadable.inc({ resource: resource.plural });
      const { namespace, name } = object.metadata;
      log.error({ resource: resource.plural, namespace, name, err: error }, "an object can't be read and is left out");
    },
    onPodSource: ({ namespace, mounts }, labelSelector) =>
      log.info({ namespace, labelSelector, mounts }, "the mirrors need pods that are not watched yet, or fewer"),
    onPodSourceEnd: (scope) =>
      log.info({ namespace: scope }, "no mirror needs pods of the namespace: they are watched no longer"),
  };
}
