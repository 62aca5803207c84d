import { ApiError, type Clock } from "@metadata-mirror/api-client";
import { brokenFindings, isReadable, type MetadataMirror } from "@metadata-mirror/metadata-model";
import type { Reconciler } from "../runtime/controller.ts";
import type { StatusMemory, WriteStatus } from "./status-writer.ts";
import { mirrorOf, type Stores } from "./stores.ts";

export interface BrokenOptions {
  readonly stores: Pick<Stores, "mirrors">;
  readonly clock: Clock;
  readonly writeStatus: WriteStatus;
}

/** A mirror whose last pass ended by an error of ours. */
interface Broken extends StatusMemory {
  readonly uid: string;
  /** Since when, in milliseconds on the monotonic clock. */
  readonly since: number;
}

/** An error that stays for so long is told by the status, in milliseconds, with the next pass: by then passes are some seconds apart. */
const brokenAfterMs = 2_000;

/**
 * Passes as `reconcile` makes them, whose errors the status tells of: an error that is none of the API server's is a bug, and of a mirror that
 * it keeps from being planned nothing else would say that its ConfigMaps stand still. What is thrown is thrown on.
 */
export function tellingOfErrors(reconcile: Reconciler, { stores, clock, writeStatus }: BrokenOptions): Reconciler {
  const broken = new Map<string, Broken>();

  function note(key: string, { uid }: MetadataMirror): Broken {
    const known = broken.get(key);
    if (known?.uid === uid) return known;
    const since = clock.monotonic();
    const noted = { uid, since, statusWrittenAt: undefined, statusRetryAt: 0, announcedAt: new Map<string, number>() };
    broken.set(key, noted);
    return noted;
  }

  async function tell(mirror: MetadataMirror, memory: Broken, error: unknown): Promise<void> {
    const { generation, status } = mirror;
    const findings = brokenFindings(status.conditions ?? [], error instanceof Error ? error.name : typeof error);
    await writeStatus(mirror, { generation, lastChangeTime: undefined, counts: undefined, findings }, memory);
  }

  return async (key) => {
    try {
      const action = await reconcile(key);
      broken.delete(key);
      return action;
    } catch (error) {
      const mirror = mirrorOf(key, stores);
      if (error instanceof ApiError || mirror === undefined || !isReadable(mirror)) {
        broken.delete(key);
        throw error;
      }
      const memory = note(key, mirror);
      // the pass that is tried again tells it where it could not be told now
      if (clock.monotonic() - memory.since >= brokenAfterMs) await tell(mirror, memory, error).catch(() => undefined);
      throw error;
    }
  };
}
