import type { ApiError } from "./api-error.ts";
import type { Clock } from "./clock.ts";

/** How long we wait for something whole of what comes in pieces. */
export interface Patience {
  /** The same bytes as they come. Throws once bytes have come for longer than the bound, and nothing whole. */
  over(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined>;
  /** Something whole has come: the waiting begins anew. */
  renew(): void;
}

export interface PatienceOptions {
  readonly clock: Pick<Clock, "monotonic">;
  readonly boundMs: number;
  /** What is thrown. */
  readonly tired: () => ApiError;
}

/**
 * Counts the time in which bytes are waited for, not that in which they are dealt with: a reader that takes its time is no stall. It has no
 * timer: whether the bound is passed is looked at when bytes come. Who sends none at all is the business of undici's bodyTimeout.
 */
export function createPatience({ clock, boundMs, tired }: PatienceOptions): Patience {
  let waitedMs = 0;
  return {
    renew() {
      waitedMs = 0;
    },
    async *over(chunks) {
      let askedAt = clock.monotonic();
      for await (const chunk of chunks) {
        waitedMs += clock.monotonic() - askedAt;
        // what these bytes complete is taken, however late
        yield chunk;
        if (waitedMs > boundMs) throw tired();
        askedAt = clock.monotonic();
      }
    },
  };
}
