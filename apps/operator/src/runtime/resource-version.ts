const decimal = /^[1-9][0-9]*$/;

/**
 * Whether `a` is newer than `b`, two resourceVersions of one resource: decimal numbers of any length, which may be compared (KEP-5504).
 * Where one of them isn't such a number, neither is newer.
 */
export function isNewer(a: string, b: string): boolean {
  if (!decimal.test(a) || !decimal.test(b)) return false;
  return a.length === b.length ? a > b : a.length > b.length;
}
