import { ApiError, type ApiClient, type Clock } from "@metadata-mirror/api-client";
import {
  type MetadataMirror,
  metadataMirror,
  nextStatus,
  type Outcome,
  statusUrgency,
  turns,
} from "@metadata-mirror/metadata-model";
import type { StoreWriter } from "../runtime/store.ts";
import type { Announce } from "./events.ts";
import { metadataMirrors } from "./resources.ts";

/** Counts and messages change with every pod: they're written at most this often, in milliseconds, for each mirror. */
export const countsEveryMs = 10_000;

/** A condition that flaps is told by an Event of one kind at most this often, in milliseconds, for each mirror. */
const sameEventEveryMs = 60_000;

export interface StatusWriterOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly mirrors: StoreWriter<MetadataMirror>;
  readonly announce: Announce;
}

/** When a mirror's status was last written, on the monotonic clock; undefined where this process has not yet. */
export interface StatusMemory {
  statusWrittenAt: number | undefined;
  /** When an Event of a condition and reason was last created. */
  readonly announcedAt: Map<string, number>;
}

/**
 * Writes the status that follows from `outcome` where it differs: at once where a condition turned (with an Event), else not more often
 * than every 10 s. Answers in how many milliseconds it is to be asked again, undefined where all is said.
 *
 * @throws ApiError where the API server did not take it; a mirror that is gone is no error.
 */
export type WriteStatus = (
  mirror: MetadataMirror,
  outcome: Outcome,
  memory: StatusMemory,
) => Promise<number | undefined>;

export function createStatusWriter({ client, clock, mirrors, announce }: StatusWriterOptions): WriteStatus {
  return async (mirror, outcome, memory) => {
    const status = nextStatus(mirror.status, outcome, new Date(clock.now()).toISOString());
    const urgency = statusUrgency(mirror.status, status);
    if (urgency === "never") return undefined;
    const now = clock.monotonic();
    const wait = memory.statusWrittenAt === undefined ? 0 : memory.statusWrittenAt + countsEveryMs - now;
    if (urgency === "soon" && wait > 0) return wait;

    memory.statusWrittenAt = now;
    const { namespace, name } = mirror;
    try {
      const ref = { namespace, name, subresource: "status" };
      const answer = await client.patch(metadataMirrors, ref, { status });
      mirrors.wrote({
        namespace,
        name,
        resourceVersion: answer.metadata.resourceVersion ?? "",
        object: metadataMirror(answer),
      });
    } catch (error) {
      const fault = ApiError.from(error);
      if (fault.code === "not-found") return undefined;
      throw fault;
    }
    for (const turn of turns(mirror.status, outcome.findings)) {
      const kind = `${turn.type} ${turn.reason}`;
      const last = memory.announcedAt.get(kind);
      if (last !== undefined && now - last < sameEventEveryMs) continue;
      memory.announcedAt.set(kind, now);
      await announce(mirror, turn);
    }
    return undefined;
  };
}
