const safe: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a method is safe by HTTP's own definition (RFC 9110, 9.2.1): it asks for no change, and may be repeated. TRACE, which is too, is no one's. */
export function isSafe(method: string): boolean {
  return safe.has(method);
}
