import type { Clock } from "@metadata-mirror/api-client";
import { createTokenBucket } from "./token-bucket.ts";

export interface RateLimiterOptions {
  readonly clock: Clock;
  /** How much may be done a second; after a quiet second as much at once. */
  readonly perSecond: number;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

/** Lets so much be done a second, in turns, first come, first served. */
export interface RateLimiter {
  /** Resolves once something may be done, or the signal has aborted. Each turn is to be ended. */
  turn(): Promise<void>;
  /** Ends a turn. One that was not used is the next one's. */
  end(used: boolean): void;
}

export function createRateLimiter({ clock, perSecond, signal }: RateLimiterOptions): RateLimiter {
  const bucket = createTokenBucket({ perSecond, size: perSecond, now: () => clock.monotonic() });
  let held = 0;
  let last = Promise.resolve();
  let nap = new AbortController();
  signal.addEventListener("abort", () => nap.abort(), { once: true });

  /** Only the first of those who wait has a timer, and none where as many turns are held as there may be: it's for one to end, not for time. */
  async function wait(): Promise<void> {
    for (;;) {
      const ms = signal.aborted ? 0 : bucket.wait(held);
      if (ms === 0) break;
      nap = new AbortController();
      await (held < bucket.size ? clock.sleep(ms, nap.signal) : aborted(nap.signal));
    }
    held++;
  }

  return {
    turn() {
      last = last.then(wait);
      return last;
    },
    end(used) {
      held--;
      if (used) bucket.spend(1);
      nap.abort();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
