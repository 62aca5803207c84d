import { createBackoff } from "@metadata-mirror/api-client";
import { runController } from "../runtime/controller.ts";
import { createWorkQueue, type WorkQueue } from "../runtime/work-queue.ts";
import { type Rig, type RigOptions, rig } from "./rig.ts";

/** A rig whose changes wake the reconciler, by the work queue and the controller that the operator has. */
export interface Running extends Rig {
  /** Lets so much time go by, in milliseconds; the watch tells of what was stored every `everyMs`. */
  readonly pass: (ms: number, everyMs?: number) => Promise<void>;
  /** Passes that failed. */
  readonly faults: unknown[];
  /** Stops it: what is under way is finished. */
  readonly stop: () => Promise<void>;
}

/** Starts one. */
export function running(options: RigOptions = {}): Running {
  const stopping = new AbortController();
  const queues: WorkQueue[] = [];
  const faults: unknown[] = [];
  const started = rig({ ...options, wake: (key) => queues.forEach((queue) => queue.add(key)) });
  const { clock, watch, reconcile } = started;
  const backoff = () => createBackoff({ initialMs: 20, maxMs: 30_000, random: () => 0.5 });
  const queue = createWorkQueue({ clock, backoff, signal: stopping.signal });
  queues.push(queue);
  const onError = (_: string, fault: unknown) => void faults.push(fault);
  const ended = runController({ queue, reconcile, workers: 4, onError });

  async function pass(ms: number, everyMs = 5): Promise<void> {
    for (let left = ms; left > 0; left -= everyMs) {
      await clock.advance(Math.min(left, everyMs));
      watch();
    }
    await clock.advance(0);
  }

  return {
    ...started,
    pass,
    faults,
    async stop() {
      stopping.abort();
      await pass(1_000);
      await ended;
    },
  };
}
