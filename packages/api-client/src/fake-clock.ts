import { type Clock, nextTurn } from "./clock.ts";

/** A clock for tests, which stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** How many sleep now. */
  readonly sleeping: number;
  /**
   * Goes on by `ms` milliseconds: wakes the sleepers in the order in which they are due, each at its own time, and lets what they wake
   * run before the next; those who fall asleep again on the way are woken too, when they are due.
   */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** A clock that starts at `epochMs` of `now()` and 0 of `monotonic()`. */
export function fakeClock(epochMs = 0): FakeClock {
  let elapsed = 0;
  const sleepers = new Set<Sleeper>();
  const nextDue = (until: number): Sleeper | undefined =>
    [...sleepers].filter(({ dueAt }) => dueAt <= until).sort((a, b) => a.dueAt - b.dueAt)[0];
  return {
    get sleeping() {
      return sleepers.size;
    },
    now: () => epochMs + elapsed,
    monotonic: () => elapsed,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper: Sleeper = {
        dueAt: elapsed + ms,
        wake: () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", sleeper.wake);
      return promise;
    },
    async advance(ms) {
      const until = elapsed + ms;
      await nextTurn();
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        elapsed = Math.max(elapsed, due.dueAt);
        due.wake();
        await nextTurn();
      }
      elapsed = until;
    },
  };
}
