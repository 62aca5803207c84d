import type { Problem } from "./problem.ts";

/** An exact number, `unscaled × 10^scale`, as `ParseQuantity` leaves it: at most 9 decimal places (`scale` ≥ -9). */
export interface Quantity {
  readonly unscaled: bigint;
  readonly scale: number;
}

const nano = -9;
const maxInt64 = 2n ** 63n - 1n;

const overflow: Problem = { reason: "Overflow", message: "it is more than a 64-bit integer holds" };

/** `apimachinery/pkg/api/resource/suffix.go`. */
const suffixes = new Map<string, { readonly base: 2 | 10; readonly exponent: number }>([
  ...Object.entries({ n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }).map(
    ([suffix, exponent]) => [suffix, { base: 10, exponent }] as const,
  ),
  ...["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map(
    (suffix, index) => [suffix, { base: 2, exponent: 10 * (index + 1) }] as const,
  ),
]);

/** A suffix of the table, or `e` and an exponent: Go reads that as an int64 and then keeps its low 32 bits. */
function suffixOf(text: string) {
  const digits = /^[eE]([-+]?[0-9]+)$/.exec(text)?.[1];
  if (digits === undefined) return suffixes.get(text);
  const exponent = digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
  if (exponent !== BigInt.asIntN(64, exponent)) return undefined;
  return { base: 10 as const, exponent: Number(BigInt.asIntN(32, exponent)) };
}

/** `dividend / divisor`, a fraction rounded away from zero. `divisor` > 0. */
function divideAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (dividend % divisor === 0n) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}

/**
 * `magnitude × 10^scale` with at most 9 decimal places: what is finer is rounded up, so that a little never becomes
 * nothing.
 */
function toNano(magnitude: bigint, scale: number): Quantity {
  if (scale >= nano) return { unscaled: magnitude, scale };
  const digits = String(magnitude).length;
  // A power with more digits than the number need not be computed: e-2000000000 would take gigabytes.
  const power = 10n ** BigInt(Math.min(nano - scale, digits));
  return { unscaled: divideAwayFromZero(magnitude, power), scale: nano };
}

/**
 * `text` as `ParseQuantity` of `apimachinery/pkg/api/resource/quantity.go` reads it, exactly: `500m`, `1.5Gi`, `.5`,
 * `5.`, `+2e3`, `1E`. What is finer than 10^-9 is rounded away from zero; with a binary suffix what is past ±(2^63 -
 * 1) is cut to that. As in Go, and unlike the grammar in its documentation, the digits may be missing (`m` and `.`
 * are 0) where Go would not need its slow path for them.
 */
export function parseQuantity(text: string): Quantity | Problem {
  const number = /^([-+]?)([0-9]*)(?:\.([0-9]*))?/.exec(text);
  const [matched = "", sign = "", whole = "", fraction = ""] = number ?? [];
  const suffix = suffixOf(text.slice(matched.length));
  if (text === "" || suffix === undefined) return invalid(text);

  const { base, exponent } = suffix;
  const digits = whole + fraction;
  if (digits === "" && (exponent < nano || (base === 2 && exponent > 40))) return invalid(text);
  const magnitude = BigInt(digits); // 0 without digits
  const { unscaled, scale } =
    base === 10
      ? toNano(magnitude, (exponent - fraction.length) | 0)
      : capped(toNano(magnitude << BigInt(exponent), -fraction.length));
  return { unscaled: sign === "-" ? -unscaled : unscaled, scale };
}

function capped(quantity: Quantity): Quantity {
  const max = maxInt64 * 10n ** BigInt(-quantity.scale);
  return quantity.unscaled > max ? { unscaled: maxInt64, scale: 0 } : quantity;
}

function invalid(text: string): Problem {
  return {
    reason: "InvalidQuantity",
    message: `${JSON.stringify(text)} is not a quantity of Kubernetes, such as 500m, 2, 1.5Gi or 1e3`,
  };
}

/** Whether the quantity is zero, which Kubernetes takes for unset in a limit. */
export function isZero(quantity: Quantity): boolean {
  return quantity.unscaled === 0n;
}

/**
 * The quantity in whole units (bytes, CPUs), a fraction rounded away from zero: Go's `Value()`. Where Go would answer
 * a wrong number, since the right one is not an int64, this is the problem `Overflow`.
 */
export function wholeUnits(quantity: Quantity): bigint | Problem {
  return scaled(quantity, 0);
}

/** The quantity in thousandths (milli-CPUs): Go's `MilliValue()`, otherwise like `wholeUnits`. */
export function milliUnits(quantity: Quantity): bigint | Problem {
  return scaled(quantity, -3);
}

function scaled({ unscaled, scale }: Quantity, unit: 0 | -3): bigint | Problem {
  if (unscaled === 0n) return 0n;
  const shift = scale - unit;
  // 10^19 is past int64 already, and 10^2147483647 is past memory.
  if (shift > 18) return overflow;
  const value = shift >= 0 ? unscaled * 10n ** BigInt(shift) : divideAwayFromZero(unscaled, 10n ** BigInt(-shift));
  return value === BigInt.asIntN(64, value) ? value : overflow;
}
