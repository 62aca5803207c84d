import type { ApiClient, Clock } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import { told } from "./fault-log.ts";
import type { Metrics } from "./metrics.ts";
import { rationEvents } from "./mirror/event-ration.ts";
import { type Announce, createAnnounce, createEventRecorder, type RecordEvent } from "./mirror/events.ts";
import { keyOf } from "./mirror/interest.ts";

export interface EventingOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** Who speaks: the name of the pod or of the host. */
  readonly instance: string;
  readonly metrics: Pick<Metrics, "eventsCreated" | "eventsDropped">;
  readonly log: Logger;
}

/** What people are told by Kubernetes Events, within their ration. */
export interface Eventing {
  readonly record: RecordEvent;
  /** Of a condition that turned: the log has it too, also where the ration is used up. */
  readonly announce: Announce;
}

/** The wiring of it. */
export function createEventing({ client, clock, instance, metrics, log }: EventingOptions): Eventing {
  const recordAny = createEventRecorder({
    client,
    clock,
    instance,
    onCreated: () => metrics.eventsCreated.inc(),
    onFault: (fault) => log.debug(told(fault), "an Event could not be written"),
  });
  const record = rationEvents(recordAny, clock, () => metrics.eventsDropped.inc());
  const announce = createAnnounce(record);
  return {
    record,
    announce(mirror, turn) {
      const { warning, ...condition } = turn;
      log[warning ? "warn" : "info"]({ mirror: keyOf(mirror), ...condition }, "a condition turned");
      return announce(mirror, turn);
    },
  };
}
