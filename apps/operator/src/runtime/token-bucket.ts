export interface TokenBucketOptions {
  /** Tokens a second: bytes, or pods. */
  readonly perSecond: number;
  /** How many bytes it holds: what may go at once after a quiet time. */
  readonly size: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/**
 * A token bucket of bytes, full at first. It may go into debt, so that an object larger than the bucket is written too, and paid for
 * afterwards.
 */
export interface TokenBucket {
  readonly perSecond: number;
  readonly size: number;
  /** How many bytes are there; less than 0 is debt. */
  level(): number;
  spend(bytes: number): void;
  /** In how many whole milliseconds there are more than `floor` bytes, 0 where there are. */
  wait(floor: number): number;
}

/** A full bucket. */
export function createTokenBucket({ perSecond, size, now }: TokenBucketOptions): TokenBucket {
  // a thousandth of a byte: a millisecond brings `perSecond` of them, a whole number, so that nothing is lost to rounding
  const full = size * 1000;
  let tokens = full;
  let at = now();
  const refill = () => {
    const time = now();
    tokens = Math.min(full, tokens + (time - at) * perSecond);
    at = time;
    return tokens;
  };
  return {
    perSecond,
    size,
    level: () => refill() / 1000,
    spend(bytes) {
      tokens = Math.min(full, refill() - bytes * 1000);
    },
    wait(floor) {
      const missing = floor * 1000 - refill();
      return missing < 0 ? 0 : Math.floor(missing / perSecond) + 1;
    },
  };
}
