import { ApiError } from "@metadata-mirror/api-client";
import type { Action } from "./action.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import type { WorkQueue } from "./work-queue.ts";

/**
 * Brings the object of `key` to what it should be. It reads the present and never learns which event woke it. What it throws is
 * transient: it's tried again after a backoff.
 */
export type Reconciler = (key: string) => Promise<Action>;

export interface ControllerOptions {
  readonly queue: WorkQueue;
  readonly reconcile: Reconciler;
  /** How many keys are worked on at once. */
  readonly workers: number;
  /** How many passes there are a second, idle ones not counted; as many as come by default. */
  readonly limiter?: RateLimiter;
  /** A pass threw; it's tried again in `retryInMs`. */
  readonly onError: (key: string, error: unknown, retryInMs: number) => void;
}

/**
 * Works on the keys of `queue` until it ends, then finishes the passes that are under way and resolves. No key
 * is worked on twice at once, and a pass that throws stops neither its worker nor the other keys.
 */
export async function runController(options: ControllerOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.workers }, () => work(options)));
}

async function work({ queue, reconcile, onError, limiter }: ControllerOptions): Promise<void> {
  for (;;) {
    // the turn comes before the key: whose turn it is, is the queue's to say, and a key that waits is as it is then
    await limiter?.turn();
    const key = await queue.take();
    if (key === undefined) return;
    let idle = false;
    try {
      const action = await reconcile(key);
      idle = action.idle ?? false;
      follow(queue, key, action);
    } catch (error) {
      onError(key, error, queue.addBackedOff(key, ApiError.from(error).retryAfterMs));
    }
    queue.done(key);
    limiter?.end(!idle);
  }
}

function follow(queue: WorkQueue, key: string, action: Action): void {
  queue.forget(key);
  if (action.type === "requeueAfter") queue.addAfter(key, action.ms);
}
