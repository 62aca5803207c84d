import { setTimeout } from "node:timers/promises";

/** Resolves after `ms` milliseconds, or as soon as the signal aborts; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** The process's own time. This file is the only one of the package that may touch timers. */
export const systemWait: Wait = async (ms, signal) => {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch {
    // aborted: it's over
  }
};
