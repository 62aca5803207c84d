import { type Clock, pods } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import { told } from "./fault-log.ts";
import type { Metrics } from "./metrics.ts";
import type { PodSourceObserver } from "./mirror/pod-sources.ts";

/** Tells metrics and log of what the watches meet. */
export function observe(metrics: Metrics, log: Logger, clock: Clock): PodSourceObserver {
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
    onPodSource: ({ namespace, mounts }, labelSelector) =>
      log.info({ namespace, labelSelector, mounts }, "the mirrors need pods that are not watched yet, or fewer"),
    onPodSourceEnd(scope) {
      metrics.lastContact.remove({ resource: pods.plural, scope });
      log.info({ namespace: scope }, "no mirror needs pods of the namespace: they are watched no longer");
    },
  };
}
