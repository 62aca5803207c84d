import type { ReadOptions } from "./credentials.ts";
import { shareWhilePending } from "./share-while-pending.ts";

/** client-go looks once a minute; a look is cheap, and a token that was revoked and replaced should not cost a minute. */
const lookEveryMs = 10_000;

/**
 * A reader of what rotates in files (kubelet, Vault agent, cert-manager). It calls `read` at most every 10 s of `now()`, which is in
 * milliseconds, and at once where it's asked for `fresh`; who asks while it reads gets the same answer. What can't be read, or
 * is half written, leaves the last good answer in force, as client-go's cachingTokenSource does
 * (k8s.io/client-go/transport/token_source.go). Rejects as `read` does where there is no good answer yet, or a fresh one is asked for.
 */
export function rotating<T>(read: () => Promise<T>, now: () => number): (options?: ReadOptions) => Promise<T> {
  let good: { readonly value: T } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = shareWhilePending(async () => {
    lookedAt = now();
    const value = await read();
    good = { value };
    return value;
  });
  return async ({ fresh = false } = {}) => {
    if (good !== undefined && !fresh && now() - lookedAt < lookEveryMs) return good.value;
    try {
      return await look();
    } catch (error) {
      if (fresh || good === undefined) throw error;
      return good.value;
    }
  };
}
