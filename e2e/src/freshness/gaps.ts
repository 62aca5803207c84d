/** How long after one change the next one comes, in milliseconds. */
export interface Gaps {
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * Pauses of every length between the two alike, in no order, so that the changes meet the loops of operator and kubelet at every phase.
 * The same seed gives the same ones (a linear congruential generator, the numbers of Numerical Recipes).
 */
export function pauses(count: number, { leastMs, mostMs }: Gaps, seed: number): readonly number[] {
  let state = seed >>> 0;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return leastMs + (mostMs - leastMs) * (state / 2 ** 32);
  });
}
