import { expect } from "vitest";
import type { Peer } from "../src/peer.ts";
import { type WatchPeersOptions, watchPeers } from "../src/watch-peers.ts";

/** Someone who follows the peers of a directory. Time stands still for it: nothing is found by the poll unless the test says so. */
export interface Follower extends AsyncDisposable {
  /** All that it was told, in order. */
  readonly seen: readonly (readonly Peer[])[];
  readonly errors: readonly Error[];
  /** Waits until `peers` are the last that it was told. */
  readonly until: (peers: readonly Peer[]) => Promise<void>;
  /** Lets the time to the next poll go by, and waits until that is done. */
  readonly poll: () => Promise<void>;
  /** Ends it by its signal, and waits for its end. */
  readonly stop: () => Promise<void>;
}

const deadline = { timeout: 10_000, interval: 5 };

/** Follows until it's disposed of. */
export function follow(directory: string, options: WatchPeersOptions = {}): Follower {
  const seen: (readonly Peer[])[] = [];
  const errors: Error[] = [];
  let endPause: (() => void) | undefined;
  const wait = async (_: number, signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => resolve());
    endPause = resolve;
    await promise;
    endPause = undefined;
  };
  const end = new AbortController();
  const run = async () => {
    const all = { wait, signal: end.signal, onError: (error: Error) => errors.push(error), ...options };
    for await (const peers of watchPeers(directory, all)) seen.push(peers);
  };
  const running = run();
  const stop = async () => {
    end.abort();
    await running;
  };
  const paused = () => expect.poll(() => endPause, deadline).toBeDefined();
  return {
    seen,
    errors,
    until: (peers) => expect.poll(() => seen.at(-1), deadline).toEqual(peers),
    async poll() {
      await paused();
      endPause?.();
      endPause = undefined;
      await paused();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
