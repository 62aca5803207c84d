import type { Clock } from "@metadata-mirror/api-client";

/** How long it has been quiet. */
export interface Quiet {
  /** Something has happened. */
  heard(): void;
  /** Resolves once nothing has happened for `quietMs`, or in `mostMs` at the latest, both in milliseconds; also when the signal aborts. */
  come(bounds: { readonly quietMs: number; readonly mostMs: number }, signal: AbortSignal): Promise<void>;
}

/** Nothing has happened yet: from now on it's quiet. */
export function createQuiet(clock: Pick<Clock, "monotonic" | "sleep">): Quiet {
  let heardAt = clock.monotonic();
  return {
    heard() {
      heardAt = clock.monotonic();
    },
    async come({ quietMs, mostMs }, signal) {
      const latest = clock.monotonic() + mostMs;
      while (!signal.aborted) {
        const leftMs = Math.min(heardAt + quietMs, latest) - clock.monotonic();
        if (leftMs <= 0) return;
        await clock.sleep(leftMs, signal);
      }
    },
  };
}
