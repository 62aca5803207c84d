/** What runs until a signal aborts, some of it for a part of that time only. */
export interface Tasks {
  /** Adds one; it may end sooner. */
  add(task: Promise<void>): void;
  /** Resolves once the signal is aborted and all tasks have ended, and rejects as soon as one does. */
  readonly ended: Promise<void>;
}

/** No tasks yet. */
export function createTasks(signal: AbortSignal): Tasks {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // the signal is waited for as if it were one
  let running = 1;
  function end(): void {
    running--;
    if (running === 0) resolve();
  }
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return {
    ended: promise,
    add(task) {
      running++;
      task.then(end, reject);
    },
  };
}
