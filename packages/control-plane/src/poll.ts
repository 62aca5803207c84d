import { setTimeout as sleep } from "node:timers/promises";

/** When to ask, and when to stop asking. Times in milliseconds. */
export interface PollOptions {
  readonly everyMs: number;
  /** Default: no deadline. */
  readonly timeoutMs?: number;
  /** Ends the waiting with its reason. */
  readonly signal: AbortSignal;
}

/**
 * Asks `probe` until it answers something other than undefined, and returns that. What `probe` throws, this throws; past
 * the deadline it throws too.
 */
export async function poll<T>(
  probe: () => Promise<T | undefined>,
  { everyMs, timeoutMs = Infinity, signal }: PollOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const answer = await probe();
    if (answer !== undefined) return answer;
    // Only the signal ends a sleep early, and its own reason is thrown above.
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
  throw new Error(`gave up after ${timeoutMs / 1000} s`);
}

/** Awaits `work`, calling `beat` with the milliseconds waited so far each `everyMs` until it has settled. */
export async function heartbeat<T>(work: Promise<T>, everyMs: number, beat: (waitedMs: number) => void): Promise<T> {
  const begin = performance.now();
  const timer = setInterval(() => beat(performance.now() - begin), everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
