/**
 * Whether `a` is newer than `b`, two resourceVersions of one resource: decimal numbers of any length, which may be compared (KEP-5504).
 * What isn't one is newer than nothing.
 */
export function isNewer(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
