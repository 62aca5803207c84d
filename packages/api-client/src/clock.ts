import { setImmediate } from "node:timers/promises";

/** Time, as a parameter. The system's is `systemClock`; a test has a `fakeClock`. */
export interface Clock {
  /** Milliseconds since the epoch. It can jump: for showing, not for measuring. */
  now(): number;
  /** Milliseconds that never go back. */
  monotonic(): number;
  /**
   * Resolves once `ms` milliseconds have passed on the monotonic clock, never before, or as soon as the signal aborts: never rejects, the
   * caller looks at its signal.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The process's own time. This file is the only one that may touch timers, the time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // that of node:timers/promises makes an error with a stack each time that it is cut short
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const due = performance.now() + ms;
      // timers count whole milliseconds, and so fire up to one early: who looks whether it's time would find that it isn't
      const wake = () => {
        const left = due - performance.now();
        if (left > 0) timer = setTimeout(wake, left);
        else end();
      };
      let timer = setTimeout(wake, ms);
      signal?.addEventListener("abort", end, { once: true });
    }),
};

/** The process's own chance: a number in [0, 1). */
export const systemRandom = (): number => Math.random();

/** Resolves after everything that is already due has run: promise callbacks and what is ready of IO. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}
