import { randomUUID } from "node:crypto";
import { ApiError, type ApiClient, type Clock, events } from "@metadata-mirror/api-client";
import { group, type MetadataMirror, shortMessage, type Turn, version } from "@metadata-mirror/metadata-model";

/** What an Event tells, and of what. */
interface Happening {
  /** One of its own by default; of two Events of one name the first stays. */
  readonly name?: string;
  readonly regarding: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly reason: string;
  readonly action: string;
  readonly warning: boolean;
  readonly note: string;
}

/** Tells people of something by a Kubernetes Event. Answers whether the Event is there: created, or of its name already. It never rejects. */
export type RecordEvent = (happening: Happening) => Promise<boolean>;

export interface EventOptions {
  readonly client: ApiClient;
  readonly clock: Pick<Clock, "now">;
  /** Who speaks: the name of the pod or of the host. */
  readonly instance: string;
  readonly onCreated: () => void;
  /** An Event is a courtesy: that it couldn't be written is told here and changes nothing. */
  readonly onFault: (fault: ApiError) => void;
}

/** Event's times are MicroTime: six decimals. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** A `RecordEvent` that creates events of `events.k8s.io/v1`. */
export function createEventRecorder({ client, clock, instance, onCreated, onFault }: EventOptions): RecordEvent {
  return async ({ regarding, reason, action, warning, note, name = `${regarding.name}.${randomUUID()}` }) => {
    const event = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { namespace: regarding.namespace, name },
      eventTime: microTime(clock.now()),
      reportingController: `${group}/operator`,
      reportingInstance: instance,
      action,
      reason,
      type: warning ? "Warning" : "Normal",
      note: shortMessage(note),
      regarding,
    };
    try {
      await client.create(events, event);
      onCreated();
    } catch (error) {
      const fault = ApiError.from(error);
      // else it was told before
      if (fault.code !== "already-exists") {
        onFault(fault);
        return false;
      }
    }
    return true;
  };
}

/** Tells people, by Events on a mirror, of conditions that turned. It never rejects. */
export type Announce = (mirror: MetadataMirror, turn: Turn) => Promise<void>;

/** An `Announce` by `record`. */
export function createAnnounce(record: RecordEvent): Announce {
  return async ({ namespace, name, uid }, { type, reason, message, warning }) => {
    const regarding = { apiVersion: `${group}/${version}`, kind: "MetadataMirror", namespace, name, uid };
    await record({ regarding, reason, action: "Reconcile", warning, note: `${type}: ${message}` });
  };
}
