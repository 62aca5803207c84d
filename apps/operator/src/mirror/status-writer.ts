import { ApiError, type ApiClient, type Clock } from "@metadata-mirror/api-client";
import {
  type MetadataMirror,
  metadataMirror,
  nextStatus,
  type Outcome,
  type StatusUrgency,
  statusUrgency,
  turns,
} from "@metadata-mirror/metadata-model";
import { nameHash } from "../runtime/name-hash.ts";
import type { Store, StoreWriter } from "../runtime/store.ts";
import type { Announce } from "./events.ts";
import { keyOf } from "./interest.ts";
import { metadataMirrors } from "./resources.ts";

/** Counts and messages change with every pod: they're written at most this often, in milliseconds, for each mirror. */
export const countsEveryMs = 10_000;

/** The time of the last change alone is written at most this often, in milliseconds: else each write would take a second one, of the status. */
const timesEveryMs = 60_000;

/** And up to so much later, in milliseconds: else those of mirrors that were written together would come together, minute after minute. */
const timesSpreadMs = 30_000;

/** A condition that flaps is told by an Event of one kind at most this often, in milliseconds, for each mirror. */
const sameEventEveryMs = 60_000;

/** A status that could not be written is not tried again for so long, whatever changes, in milliseconds. */
const failedForMs = 1_000;

/** The mirror has changed since the pass began: another one looks at what there is by now, after so long, in milliseconds. */
const atOnceMs = 1;

/** How long after one the next status of a mirror may be written, in milliseconds: always the same for one mirror. */
export function statusPauseMs(
  mirror: Pick<MetadataMirror, "namespace" | "name">,
  urgency: Exclude<StatusUrgency, "never">,
): number {
  if (urgency === "now") return 0;
  return urgency === "soon" ? countsEveryMs : timesEveryMs + (nameHash(keyOf(mirror)) % timesSpreadMs);
}

export interface StatusWriterOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly mirrors: Pick<Store<MetadataMirror>, "versionOf"> & Pick<StoreWriter<MetadataMirror>, "wrote">;
  /** Whether the mirror is this operator's at this moment: else nothing is written or told of it. */
  readonly isOurs: (mirror: MetadataMirror) => boolean;
  readonly announce: Announce;
}

/** What is remembered of a mirror's status; times are in milliseconds, on the monotonic clock. */
export interface StatusMemory {
  /** When it was last written; undefined where this process has not yet. */
  statusWrittenAt: number | undefined;
  /** Until when it's not to be written, since the last time failed. */
  statusRetryAt: number;
  /** When an Event of a condition and reason was last created. */
  readonly announcedAt: Map<string, number>;
}

/**
 * Writes the status that follows from `outcome` where it differs: at once where a condition turned (with an Event), else not more often
 * than every 10 s, and where only the time of the last change differs every 60 to 90 s. Answers in how many milliseconds it is to be asked
 * again, undefined where all is said, or is another's to say.
 *
 * It's written on no version of the mirror but the one that it was made from: neither over what somebody else has said since, nor on
 * another mirror that was made anew under the name.
 *
 * @throws ApiError where the API server did not take it, a `conflict` where the mirror has changed meanwhile; one that is gone is no error.
 */
export type WriteStatus = (
  mirror: MetadataMirror,
  outcome: Outcome,
  memory: StatusMemory,
) => Promise<number | undefined>;

export function createStatusWriter({ client, clock, mirrors, isOurs, announce }: StatusWriterOptions): WriteStatus {
  return async (mirror, outcome, memory) => {
    const status = nextStatus(mirror.status, outcome, new Date(clock.now()).toISOString());
    const urgency = statusUrgency(mirror.status, status);
    if (urgency === "never") return undefined;
    const now = clock.monotonic();
    // all else that there is to say is said already: as good as written now
    if (urgency === "later") memory.statusWrittenAt ??= now;
    const dueAt = (memory.statusWrittenAt ?? -Infinity) + statusPauseMs(mirror, urgency);
    const wait = Math.max(memory.statusRetryAt, dueAt) - now;
    if (wait > 0) return wait;
    if (!isOurs(mirror)) return undefined;
    const { namespace, name } = mirror;
    const resourceVersion = mirrors.versionOf(namespace, name, mirror);
    if (resourceVersion === undefined) return atOnceMs;

    memory.statusWrittenAt = now;
    try {
      const ref = { namespace, name, subresource: "status" };
      const answer = await client.patch(metadataMirrors, ref, { metadata: { resourceVersion }, status });
      mirrors.wrote({
        namespace,
        name,
        resourceVersion: answer.metadata.resourceVersion ?? "",
        object: metadataMirror(answer),
      });
    } catch (error) {
      const fault = ApiError.from(error);
      if (fault.code === "not-found") return undefined;
      memory.statusRetryAt = now + failedForMs;
      throw fault;
    }
    for (const turn of turns(mirror.status, outcome.findings)) {
      const kind = `${turn.type} ${turn.reason}`;
      const last = memory.announcedAt.get(kind);
      if (last !== undefined && now - last < sameEventEveryMs) continue;
      if (!isOurs(mirror)) return undefined;
      memory.announcedAt.set(kind, now);
      await announce(mirror, turn);
    }
    return undefined;
  };
}
