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

/**
 * A server that says nothing more before it has said that the state is whole may never: the bookmark that would have said so was lost on the
 * way, or its cache is stuck. client-go waits for 5 to 10 minutes, until the server ends the stream; nobody would know by then what is.
 */
export function createListDeadline({ clock, silentMs, wholeMs, isMet, action }: ListDeadlineOptions): ListDeadline {
  const giveUp = new AbortController();
  const ended = new AbortController();
  let waitedMs = 0;
  /** Since when bytes are waited for; undefined while what came is dealt with. */
  let since: number | undefined;

  /** How long they may be waited for still. */
  function leftMs(): number {
    const waitingMs = since === undefined ? 0 : clock.monotonic() - since;
    return Math.min(silentMs, wholeMs - waitedMs) - waitingMs;
  }

  /** One timer for all that comes: it looks again when it could be too late at the soonest. */
  async function guard(): Promise<void> {
    while (!ended.signal.aborted && !isMet()) {
      const ms = leftMs();
      if (since !== undefined && ms <= 0) {
        const seconds = Math.round((clock.monotonic() - since) / 1000);
        const words = `the server has not told the whole state, and nothing more of it for ${seconds} s`;
        giveUp.abort(new ApiError("timeout", `${action}: ${words}: it is listed in pages instead`));
        return;
      }
      await clock.sleep(ms > 0 ? ms : silentMs, ended.signal);
    }
  }

  return {
    signal: giveUp.signal,
    async *over(chunks) {
      const bytes = chunks[Symbol.asyncIterator]();
      void guard();
      try {
        for (;;) {
          since = clock.monotonic();
          const { done, value } = await bytes.next();
          waitedMs += clock.monotonic() - since;
          since = undefined;
          if (done) return;
          yield value;
        }
      } finally {
        ended.abort("over");
        await bytes.return?.();
      }
    },
  };
}
