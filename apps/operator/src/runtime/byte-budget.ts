import type { Clock } from "@metadata-mirror/api-client";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

export interface ByteBudgetOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** Stored bytes a second, of the whole operator. */
  readonly perSecond: number;
  /** Stored bytes a second, of one namespace. */
  readonly perNamespacePerSecond: number;
}

export interface ChargeOptions {
  /** Who charges was told to wait, and has: it's his turn, before those who come first now. */
  readonly waited?: boolean;
  /** What must not wait, such as taking back what a grant no longer shows: it may overdraw. */
  readonly urgent?: boolean;
}

/** The answer to a charge. */
interface Charge {
  /** 0 where the write may go; else nothing was charged, and it's to be charged again in so many milliseconds. */
  readonly waitMs: number;
  /** Gives back what was charged, where it was not stored in the end. */
  readonly refund: () => void;
}

/**
 * A budget of the bytes that our writes make etcd store: each version of an object is kept until the next compaction, 5 minutes by
 * default, so a few busy objects can fill it and stop the whole cluster. Who is refused waits, and what comes meanwhile
 * joins the write.
 *
 * In any w seconds at most (w + 8) times the rate is granted, in all and to each namespace, and one object more. Urgent charges may
 * overdraw: their namespace's by 8 s more, which it pays back before it gets anything else; the whole by 8 s and an eighth of the rate.
 *
 * It's fair: nobody waits for what all share behind a namespace that has written more of late. Those who wait in one namespace get
 * their turns in the order in which they came.
 */
export interface ByteBudget {
  /** Charges `bytes`, the size of the object to be written, or tells how long to wait. */
  charge(namespace: string, bytes: number, options?: ChargeOptions): Charge;
}

/**
 * How many seconds of its rate may be spent at once after a quiet time: a start or a rollout writes some 10 MB in a moment, and it's the
 * rate in the long run that etcd has to be protected from. It's also the time over which what a namespace wrote is forgotten.
 */
const burstSeconds = 8;

/** The part of what all share that whoever has written the most of late leaves to the others; who has written less leaves less. */
const reserve = 1 / 4;

/** What urgent charges may overdraw the whole by comes back at this part of the rate: slow, so that it's no second budget. */
const overdraftRate = 1 / 8;

/** From how many namespaces on those that are quiet are forgotten. */
const manyNamespaces = 256;

/** A namespace that has written fewer bytes of late is quiet. */
const quietBytes = 1024;

/** What is known of one namespace. */
interface Account {
  readonly bucket: TokenBucket;
  /** Bytes written of late: each counts less as it gets older. */
  recent: number;
  recentAt: number;
  /** Until when its turns are given to those who wait, in milliseconds. */
  lineEnd: number;
}

/** A full budget. */
export function createByteBudget({ clock, perSecond, perNamespacePerSecond }: ByteBudgetOptions): ByteBudget {
  const now = () => clock.monotonic();
  const bucketOf = (rate: number, size: number) => createTokenBucket({ perSecond: rate, size, now });
  const total = bucketOf(perSecond, perSecond * burstSeconds);
  const overdraft = bucketOf(perSecond * overdraftRate, perSecond * burstSeconds);
  const accounts = new Map<string, Account>();

  const recentOf = ({ recent, recentAt }: Account) => recent * Math.exp((recentAt - now()) / (burstSeconds * 1000));

  function open(namespace: string): Account {
    const known = accounts.get(namespace);
    if (known !== undefined) return known;
    // a namespace that has been quiet is as one that was never seen
    if (accounts.size >= manyNamespaces) {
      for (const [other, account] of accounts) {
        const { bucket, lineEnd } = account;
        const isFull = bucket.level() >= bucket.size;
        if (isFull && lineEnd <= now() && recentOf(account) < quietBytes) accounts.delete(other);
      }
    }
    const bucket = bucketOf(perNamespacePerSecond, perNamespacePerSecond * burstSeconds);
    const account = { bucket, recent: 0, recentAt: now(), lineEnd: 0 };
    accounts.set(namespace, account);
    return account;
  }

  /** What `account` has to leave of the total: the whole reserve where none has written more of late. */
  function floorOf(account: Account): number {
    const own = recentOf(account);
    const most = Math.max(...[...accounts.values()].map(recentOf));
    return reserve * total.size * (most === 0 ? 1 : own / most);
  }

  function spend(account: Account, bytes: number, from: TokenBucket): void {
    from.spend(bytes);
    account.bucket.spend(bytes);
    account.recent = Math.max(0, recentOf(account) + bytes);
    account.recentAt = now();
  }

  /** A turn behind those who wait already, in no less than `waitMs`. */
  function queueUp(account: Account, waitMs: number, bytes: number): number {
    const due = Math.max(now() + waitMs, account.lineEnd);
    account.lineEnd = due + (bytes * 1000) / account.bucket.perSecond;
    return Math.ceil(due - now());
  }

  return {
    charge(namespace, bytes, { waited = false, urgent = false } = {}) {
      const account = open(namespace);
      const { bucket, lineEnd } = account;
      const floor = floorOf(account);
      const from = urgent && total.wait(floor) > 0 ? overdraft : total;
      const waitMs = Math.max(bucket.wait(urgent ? -bucket.size : 0), from.wait(from === total ? floor : 0));
      if (waited || urgent) {
        if (waitMs > 0) return refusal(waitMs);
      } else {
        // what those who wait will take, as far as it isn't there yet, is not for who comes first now
        const isPromised = (lineEnd - now()) * bucket.perSecond > bucket.level() * 1000;
        if (waitMs > 0 || isPromised) return refusal(queueUp(account, waitMs, bytes));
      }
      spend(account, bytes, from);
      return { waitMs: 0, refund: () => spend(account, -bytes, from) };
    },
  };
}

function refusal(waitMs: number): Charge {
  return { waitMs, refund: () => undefined };
}
