import { setImmediate, setTimeout } from "node:timers/promises";

/** Time, as a parameter. The system's is `systemClock`; a test has a `fakeClock`. */
export interface Clock {
  /** Milliseconds since the epoch. It can jump: for showing, not for measuring. */
  now(): number;
  /** Milliseconds that never go back. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds, or as soon as the signal aborts: never rejects, the caller looks at its signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The process's own time. This file is the only one that may touch timers, the time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await setTimeout(ms, undefined, signal ? { signal } : {});
    } catch {
      // aborted: the caller looks at its signal
    }
  },
};

/** The process's own chance: a number in [0, 1). */
export const systemRandom = (): number => Math.random();

/** Resolves after everything that is already due has run: promise callbacks and what is ready of IO. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}
