/**
 * The value that the share `q` of the values, 0 to 1, is at most (the nearest rank: it is one of the values, and the quantile 1 is the
 * worst). `quantile(values, 0.99)` of 100 values leaves one above it.
 *
 * @throws RangeError of no values, or of a `q` that is not 0 to 1.
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  if (value === undefined || !(q >= 0 && q <= 1)) {
    throw new RangeError(`there is no quantile ${q} of ${values.length} values`);
  }
  return value;
}
