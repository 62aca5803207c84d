/**
 * What proved that the API server is there: a stream that goes on from where we were, an event, a bookmark, the last page of a list; or a
 * part of the whole state, which doesn't prove yet that we are up to date. Each is whole: bytes alone prove nothing.
 */
export type ContactKind = "reply" | "event" | "bookmark" | "page" | "part";

/** kube-apiserver sends a bookmark a minute: `defaultBookmarkFrequency` of k8s.io/apiserver/pkg/storage/cacher/cacher.go. */
const usualGapMs = 60_000;

/** Two bookmarks may be lost or late, and half of the next gap gone. */
const gapsInBound = 2.5;
const shortestBoundMs = 30_000;
/** As long as the shortest stream that we ask for. */
const longestBoundMs = 300_000;

/** How many gaps tell the cadence. One of a stream is short: its last bookmark comes 2 s before its end (`nextBookmarkTime`). */
export const gapsThatTell = 8;

/**
 * For how long, in milliseconds, a stream may bring nothing whole before it's given up: two and a half times the longest of the last gaps
 * between two of its bookmarks, also in milliseconds; 150 s for kube-apiserver, and where there were no bookmarks yet. From 30 s to 5 min.
 * It's shorter than 150 s only where as many gaps as tell the cadence were all short.
 */
export function contactBound(gapsMs: readonly number[]): number {
  const last = gapsMs.slice(-gapsThatTell);
  const longest = Math.max(...last, last.length < gapsThatTell ? usualGapMs : 0);
  return Math.min(longestBoundMs, Math.max(shortestBoundMs, gapsInBound * longest));
}

/** The gaps between the bookmarks of one watch, as it goes on from stream to stream. */
export interface Cadence {
  /** The bound that follows from what came so far. */
  readonly boundMs: number;
  /** A stream has opened: the next bookmark is its first, and ends no gap. */
  opened(): void;
  /** A bookmark came, at this time of the monotonic clock. */
  bookmark(now: number): void;
}

/** No bookmarks yet. */
export function createCadence(): Cadence {
  const gapsMs: number[] = [];
  let last: number | undefined;
  return {
    get boundMs() {
      return contactBound(gapsMs);
    },
    opened() {
      last = undefined;
    },
    bookmark(now) {
      if (last !== undefined) gapsMs.push(now - last);
      if (gapsMs.length > gapsThatTell) gapsMs.shift();
      last = now;
    },
  };
}
