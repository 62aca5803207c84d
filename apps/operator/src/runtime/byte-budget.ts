import type { Clock } from "@metadata-mirror/api-client";

export interface ByteBudgetOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** Stored bytes a second, of the whole operator. */
  readonly perSecond: number;
  /** Stored bytes a second, of one namespace. */
  readonly perNamespacePerSecond: number;
}

/**
 * A budget of the bytes that our writes make etcd store: each version of an object is kept until the next compaction, 5 minutes by
 * default, so a few busy objects can fill it and stop the whole cluster. Who is refused waits, and what comes meanwhile
 * joins the write.
 */
export interface ByteBudget {
  /** Charges `bytes`, the size of the objects to be written, and answers 0; or charges nothing and answers how many milliseconds to wait. */
  charge(namespace: string, bytes: number): number;
  /** Gives back `bytes` that were charged, and then not stored. */
  refund(namespace: string, bytes: number): void;
}

/** How many seconds of its rate may be spent at once after a quiet time: a start or a rollout writes much in a moment. */
const burstSeconds = 5;

/** From how many namespaces on those that are quiet are forgotten. */
const manyNamespaces = 256;

/**
 * A token bucket that may go into debt, so that an object larger than the bucket is written too, and paid for afterwards. A token is a
 * thousandth of a byte: a millisecond brings `rate` of them, a whole number, so that nothing is lost to rounding.
 */
function bucket(rate: number, now: () => number) {
  const full = rate * burstSeconds * 1000;
  let tokens = full;
  let at = now();
  const refill = () => {
    const time = now();
    tokens = Math.min(full, tokens + (time - at) * rate);
    at = time;
  };
  return {
    wait(): number {
      refill();
      return tokens > 0 ? 0 : Math.floor(-tokens / rate) + 1;
    },
    spend(bytes: number): void {
      tokens -= bytes * 1000;
    },
    isFull(): boolean {
      refill();
      return tokens >= full;
    },
  };
}

/** A full budget. */
export function createByteBudget({ clock, perSecond, perNamespacePerSecond }: ByteBudgetOptions): ByteBudget {
  const now = () => clock.monotonic();
  const total = bucket(perSecond, now);
  const namespaces = new Map<string, ReturnType<typeof bucket>>();
  return {
    charge(namespace, bytes) {
      const own = namespaces.get(namespace) ?? bucket(perNamespacePerSecond, now);
      const wait = Math.max(total.wait(), own.wait());
      if (wait > 0) return wait;
      // a namespace that has been quiet is as one that was never seen
      if (namespaces.size >= manyNamespaces) {
        for (const [other, state] of namespaces) if (state.isFull()) namespaces.delete(other);
      }
      namespaces.set(namespace, own);
      total.spend(bytes);
      own.spend(bytes);
      return 0;
    },
    refund(namespace, bytes) {
      total.spend(-bytes);
      namespaces.get(namespace)?.spend(-bytes);
    },
  };
}
