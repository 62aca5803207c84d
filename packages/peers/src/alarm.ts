import type { Wait } from "./wait.ts";

/** Ends pauses early. */
export interface Alarm {
  /** Ends the pause, or the next one where there is none. Rung twice, it ends one. */
  readonly ring: () => void;
  /** Resolves after `ms` milliseconds, or when it rings; answers whether it rang. One pause at a time. */
  readonly pause: (ms: number) => Promise<boolean>;
}

export function createAlarm(wait: Wait): Alarm {
  let hasRung = false;
  let wake = () => {};
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async pause(ms) {
      const nap = new AbortController();
      wake = () => nap.abort();
      if (!hasRung) await wait(ms, nap.signal);
      const rang = hasRung;
      hasRung = false;
      return rang;
    },
  };
}
