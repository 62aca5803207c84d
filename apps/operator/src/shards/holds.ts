import type { Clock } from "@metadata-mirror/api-client";
import { isHeld, momentOf, type Moment, renewDeadlineMs, retryPeriodMs } from "../runtime/lease.ts";

/** A shard that we hold: when the request was sent by which we do, and when the next one is due. */
interface Hold {
  readonly sent: Moment;
  /** On the own monotonic clock, in milliseconds; Infinity while one is under way. */
  readonly renewAt: number;
}

/** The shards that this replica holds, by its own clock alone. */
export interface Holds {
  /** Whether the shard is ours at this moment. */
  readonly has: (shard: number) => boolean;
  /** The shards that are ours at this moment. */
  readonly present: () => readonly number[];
  /** All that were not dropped, those that have lapsed among them. */
  readonly all: ReadonlyMap<number, Hold>;
  /** It was taken or renewed by a request that was sent at `sent`. */
  readonly keep: (shard: number, sent: Moment) => void;
  /** It is to be renewed at `at`, on the monotonic clock; nothing where it isn't held. */
  readonly renewAt: (shard: number, at: number) => void;
  /** It is ours no more; answers whether it was kept until now. */
  readonly drop: (shard: number) => boolean;
  /** When the first of them lapses unless it is renewed, on the monotonic clock; Infinity where there is none. */
  readonly lapsesAt: () => number;
  /** How long ago the one was renewed that wasn't for the longest time, in milliseconds; 0 where there is none. */
  readonly unrenewedMs: () => number;
}

/** None yet; `random` is a number in [0, 1), by which the renewals of many replicas spread. */
export function createHolds(clock: Pick<Clock, "monotonic" | "now">, random: () => number): Holds {
  const all = new Map<number, Hold>();
  const has = (shard: number) => {
    const hold = all.get(shard);
    return hold !== undefined && isHeld(hold.sent, momentOf(clock));
  };
  const firstSent = () => Math.min(...[...all.values()].map(({ sent }) => sent.monotonic));
  return {
    has,
    present: () => [...all.keys()].filter(has),
    all,
    keep: (shard, sent) => void all.set(shard, { sent, renewAt: nextRenewal(sent, random) }),
    renewAt(shard, at) {
      const hold = all.get(shard);
      if (hold !== undefined) all.set(shard, { ...hold, renewAt: at });
    },
    drop: (shard) => all.delete(shard),
    lapsesAt: () => firstSent() + renewDeadlineMs,
    unrenewedMs: () => (all.size === 0 ? 0 : clock.monotonic() - firstSent()),
  };
}

/** When what was sent at `sent` is to be sent again, on the monotonic clock: each 2 s, and up to a fifth more. */
export function nextRenewal(sent: Moment, random: () => number): number {
  return sent.monotonic + retryPeriodMs * (1 + 0.2 * random());
}
