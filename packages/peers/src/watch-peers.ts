import { createAlarm } from "./alarm.ts";
import { tellingAttempt } from "./attempt.ts";
import { directoryWatch } from "./directory-watch.ts";
import type { Items, Peer } from "./peer.ts";
import { defaultKey, type ReadPeersOptions, readPeers } from "./read-peers.ts";
import { shardOfFile } from "./shard-file.ts";
import { dataLink } from "./snapshot.ts";
import { systemWait, type Wait } from "./wait.ts";

export interface WatchPeersOptions extends ReadPeersOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Told why the files can't be read as peers, or not be watched: once, until something else is wrong or all is well again. The peers
   * stay the last good ones meanwhile. What it throws ends the iteration. Default: nobody is told.
   */
  readonly onError?: (error: Error) => void;
  /** After how many milliseconds the files are read though nothing told of a change. Default 10,000. */
  readonly pollMs?: number;
  /** How time is waited out. Default the process's own. */
  readonly wait?: Wait;
}

/**
 * The peers of `directory`, as `readPeers` answers them, at once and then whenever they are others than before, for ever. While there is no
 * file, or none that can be read, it waits for one and tells `onError`.
 *
 * Whoever is slow to take the peers misses those in between and gets the newest: nothing is queued, and the last ones are
 * never lost. The system tells of changes, and where it doesn't (gVisor, a network file system, no inotify watches left) they are
 * found every `pollMs`. It ends when the signal aborts or the loop is left, and leaves no timer and no watch behind.
 */
export async function* watchPeers<T = Items>(
  directory: string,
  options: WatchPeersOptions = {},
): AsyncGenerator<readonly Peer<T>[], void, undefined> {
  const { key = defaultKey, signal, onError = () => {}, pollMs = 10_000, wait = systemWait } = options;
  const alarm = createAlarm(wait);
  const shardOf = shardOfFile(key);
  const changes = directoryWatch(directory, (name) => {
    if (name === null || name === dataLink || shardOf(name) !== undefined) alarm.ring();
  });
  const [reading, watching] = [tellingAttempt(onError), tellingAttempt(onError)];
  let yielded: string | undefined;

  signal?.addEventListener("abort", alarm.ring);
  try {
    while (!signal?.aborted) {
      // before they are read, so that no change falls in between
      await watching(changes.open);
      const peers = await reading(() => readPeers<T>(directory, { key }));
      if (signal?.aborted) return;
      const content = JSON.stringify(peers);
      if (peers !== undefined && content !== yielded) {
        yielded = content;
        yield peers;
      }
      // untold of for long, it may be another directory by that name
      if (!(await alarm.pause(pollMs))) changes.close();
    }
  } finally {
    signal?.removeEventListener("abort", alarm.ring);
    changes.close();
  }
}
