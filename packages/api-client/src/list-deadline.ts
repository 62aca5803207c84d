import { ApiError } from "./api-error.ts";
import type { Clock } from "./clock.ts";

export interface ListDeadlineOptions {
  readonly clock: Pick<Clock, "monotonic" | "sleep">;
  /** For how long bytes are waited for at a stretch, and in all, in milliseconds. */
  readonly silentMs: number;
  readonly wholeMs: number;
  /** Whether the state is whole: from then on bytes are waited for without end. */
  readonly isMet: () => boolean;
  /** For errors, as in `watch pods shop`. */
  readonly action: string;
}

/** How long we wait for a stream to have told the whole state. */
export interface ListDeadline {
  /** Aborts when it's waited for no longer, with an ApiError `timeout`: the request is to be made with it. */
  readonly signal: AbortSignal;
  /** The same bytes as they come. Only the time in which they are waited for counts, not that in which they are dealt with. */
  over(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined>;
}

/** Without a reason, each abort makes an error with a stack. */
const come = "come";

/**
 * A server that says nothing more before it has said that the state is whole may never: the bookmark that would have said so was lost on the
 * way, or its cache is stuck. client-go waits for 5 to 10 minutes, until the server ends the stream; nobody would know by then what is.
 */
export function createListDeadline({ clock, silentMs, wholeMs, isMet, action }: ListDeadlineOptions): ListDeadline {
  const giveUp = new AbortController();
  let waitedMs = 0;

  async function within<T>(next: Promise<T>): Promise<T> {
    const askedAt = clock.monotonic();
    const done = new AbortController();
    const ms = Math.max(0, Math.min(silentMs, wholeMs - waitedMs));
    void clock.sleep(ms, done.signal).then(() => {
      if (done.signal.aborted) return;
      const words = `${action}: the server has not told the whole state, and nothing more of it for ${Math.round(ms / 1000)} s: it is listed in pages instead`;
      giveUp.abort(new ApiError("timeout", words));
    });
    try {
      return await next;
    } finally {
      done.abort(come);
      waitedMs += clock.monotonic() - askedAt;
    }
  }

  return {
    signal: giveUp.signal,
    async *over(chunks) {
      const bytes = chunks[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = bytes.next();
          const { done, value } = isMet() ? await next : await within(next);
          if (done) return;
          yield value;
        }
      } finally {
        await bytes.return?.();
      }
    },
  };
}
