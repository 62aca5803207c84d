import { randomUUID } from "node:crypto";
import { ApiError, type ApiClient, type Clock, events } from "@metadata-mirror/api-client";
import { group, type MetadataMirror, shortMessage, type Turn, version } from "@metadata-mirror/metadata-model";

/** Tells people, by Kubernetes Events on a mirror, of conditions that turned. */
export type Announce = (mirror: MetadataMirror, turn: Turn) => Promise<void>;

export interface AnnounceOptions {
  readonly client: ApiClient;
  readonly clock: Pick<Clock, "now">;
  /** Who speaks: the name of the pod or of the host. */
  readonly instance: string;
  /** An Event is a courtesy: that it couldn't be written is told here and changes nothing. */
  readonly onFault: (fault: ApiError) => void;
}

/** Event's times are MicroTime: six decimals. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

/** An `Announce` that creates events of `events.k8s.io/v1`. It never rejects. */
export function createAnnounce({ client, clock, instance, onFault }: AnnounceOptions): Announce {
  return async (mirror, { type, reason, message, warning }) => {
    const { namespace, name, uid } = mirror;
    const event = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { namespace, name: `${name}.${randomUUID()}` },
      eventTime: microTime(clock.now()),
      reportingController: `${group}/operator`,
      reportingInstance: instance,
      action: "Reconcile",
      reason,
      type: warning ? "Warning" : "Normal",
      note: shortMessage(`${type}: ${message}`),
      regarding: { apiVersion: `${group}/${version}`, kind: "MetadataMirror", namespace, name, uid },
    };
    try {
      await client.create(events, event);
    } catch (error) {
      onFault(ApiError.from(error));
    }
  };
}
