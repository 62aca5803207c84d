export interface BackoffOptions {
  /** The shortest wait, in milliseconds. */
  readonly initialMs: number;
  /** The longest, in milliseconds. */
  readonly maxMs: number;
  /** How much longer the next wait may be than the last; 3 by default. */
  readonly factor?: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** How long to wait before the next try. */
export interface Backoff {
  /**
   * The next wait in milliseconds: at random between `initialMs` and `factor` times the last one, and at most `maxMs`. When the server
   * said how long (Retry-After), at least that long, up to five minutes.
   */
  next(retryAfterMs?: number): number;
  /** What was tried works again: the next wait is a short one. */
  reset(): void;
}

/** No server may silence us for longer, whatever it or a proxy puts into Retry-After. */
const longestRetryAfterMs = 300_000;

/**
 * Waits that grow, with decorrelated jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter), so that a
 * thousand clients that were cut off together don't return together. The only place that decides how long a fault is waited out.
 */
export function createBackoff({ initialMs, maxMs, factor = 3, random }: BackoffOptions): Backoff {
  let last = initialMs;
  return {
    next(retryAfterMs = 0) {
      last = Math.min(maxMs, initialMs + random() * (last * factor - initialMs));
      const asked = Math.min(retryAfterMs, longestRetryAfterMs);
      return asked > last ? asked + random() * initialMs : last;
    },
    reset() {
      last = initialMs;
    },
  };
}
