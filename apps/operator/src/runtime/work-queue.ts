import type { Backoff, Clock } from "@metadata-mirror/api-client";
import { createTurns } from "./turns.ts";

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Makes the backoff of one key. */
  readonly backoff: () => Backoff;
  /** The group of a key: groups take turns, so that a large one doesn't keep the others waiting. All keys are one group by default. */
  readonly groupOf?: (key: string) => string;
  /** Ends the queue: nothing is handed out any more, and nothing waits. */
  readonly signal: AbortSignal;
}

/**
 * Keys of work, with the guarantees of client-go's work queue (`util/workqueue`): a key that waits is there once; a key that is
 * being worked on is never handed out a second time, and one that is added meanwhile comes again after `done`; the earliest of
 * several delays wins.
 */
export interface WorkQueue {
  add(key: string): void;
  /** Adds `key` in `ms` milliseconds. */
  addAfter(key: string, ms: number): void;
  /** Adds `key` after its backoff, or after what the server asked for if that is longer, and answers that in milliseconds. */
  addBackedOff(key: string, retryAfterMs?: number): number;
  /** Starts the backoff of `key` anew. */
  forget(key: string): void;
  /** The next key, or undefined once the queue has ended. Each must be given back to `done`. */
  take(): Promise<string | undefined>;
  done(key: string): void;
  /** How many keys wait to be taken now. */
  readonly depth: number;
  /** For how long the one that waits for the longest time has, in milliseconds; 0 where none waits. */
  readonly oldestMs: number;
}

/** Without a reason, each abort makes an error with a stack. */
const canceled = "canceled";

export function createWorkQueue({ clock, backoff, signal, groupOf = () => "" }: WorkQueueOptions): WorkQueue {
  const ready = createTurns(groupOf);
  /** Since when each key of `ready` is, those first that have waited for the longest time. */
  const readySince = new Map<string, number>();
  const working = new Set<string>();
  const again = new Set<string>();
  const delayed = new Map<string, { readonly due: number; readonly cancel: AbortController }>();
  const backoffs = new Map<string, Backoff>();
  const takers: (() => void)[] = [];

  function add(key: string): void {
    delayed.get(key)?.cancel.abort(canceled);
    delayed.delete(key);
    if (working.has(key)) {
      again.add(key);
      return;
    }
    ready.add(key);
    if (!readySince.has(key)) readySince.set(key, clock.monotonic());
    takers.shift()?.();
  }

  function addAfter(key: string, ms: number): void {
    if (signal.aborted) return;
    if (ms <= 0) return add(key);
    const due = clock.monotonic() + ms;
    const earlier = delayed.get(key);
    if (ready.has(key) || again.has(key) || (earlier !== undefined && earlier.due <= due)) return;
    earlier?.cancel.abort(canceled);
    const cancel = new AbortController();
    delayed.set(key, { due, cancel });
    void clock.sleep(ms, cancel.signal).then(() => {
      if (!cancel.signal.aborted) add(key);
    });
  }

  function end(): void {
    for (const { cancel } of delayed.values()) cancel.abort(canceled);
    for (const wake of takers.splice(0)) wake();
  }
  signal.addEventListener("abort", end, { once: true });

  return {
    add,
    addAfter,
    addBackedOff(key, retryAfterMs) {
      const waiting = backoffs.get(key) ?? backoff();
      backoffs.set(key, waiting);
      const ms = waiting.next(retryAfterMs);
      addAfter(key, ms);
      return ms;
    },
    forget: (key) => void backoffs.delete(key),
    async take() {
      for (;;) {
        if (signal.aborted) return undefined;
        const key = ready.take();
        if (key !== undefined) {
          readySince.delete(key);
          working.add(key);
          return key;
        }
        await new Promise<void>((resolve) => takers.push(resolve));
      }
    },
    done(key) {
      working.delete(key);
      if (again.delete(key)) add(key);
    },
    get depth() {
      return ready.size;
    },
    get oldestMs() {
      const [since] = readySince.values();
      return since === undefined ? 0 : clock.monotonic() - since;
    },
  };
}
