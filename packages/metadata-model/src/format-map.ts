import { goQuote } from "./go-quote.ts";

/**
 * A code unit's rank in the order of code points: UTF-16 puts the halves of the astral ones (D800–DFFF) before
 * E000–FFFF.
 */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * Orders well-formed strings by their bytes in UTF-8, as Go's `sort.Strings` does; JavaScript's own order is by
 * UTF-16 code units.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The entries of `map`, sorted by the bytes of their keys. */
export function sortedEntries(map: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(map).toSorted(([a], [b]) => compareBytes(a, b));
}

/**
 * A map as the kubelet writes it to a file (`FormatMap` of `pkg/fieldpath`): a line `key="value"` for each entry, the
 * values in Go's quotes, sorted by the keys' bytes, without a newline at the end.
 */
export function formatMap(map: Readonly<Record<string, string>>): string {
  return sortedEntries(map)
    .map(([key, value]) => `${key}=${goQuote(value)}`)
    .join("\n");
}
