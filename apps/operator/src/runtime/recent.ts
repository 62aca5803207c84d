import type { Clock } from "@metadata-mirror/api-client";

/** When things last happened, remembered for as long as it matters. */
export interface Recent {
  /** It happens now. */
  note(key: string): void;
  /** How many milliseconds ago it last happened; undefined where that was never, or so long ago that it doesn't matter. */
  since(key: string): number | undefined;
}

/** Nothing has happened. What happened `matterMs` milliseconds ago doesn't matter. */
export function createRecent({ monotonic }: Pick<Clock, "monotonic">, matterMs: number): Recent {
  // the latest last
  const times = new Map<string, number>();

  function forgetOld(now: number): void {
    for (const [key, at] of times) {
      if (now - at < matterMs) return;
      times.delete(key);
    }
  }
  return {
    note(key) {
      const now = monotonic();
      forgetOld(now);
      times.delete(key);
      times.set(key, now);
    },
    since(key) {
      const at = times.get(key);
      const ms = at === undefined ? matterMs : monotonic() - at;
      return ms < matterMs ? ms : undefined;
    },
  };
}
