import type { IncomingHttpHeaders } from "node:http";

/** Of one connection, not of the message: never passed on (RFC 9110, 7.6.1; the list of Go's httputil.ReverseProxy). */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "proxy-connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What we say ourselves: whom we call, and on whose behalf; a 100 Continue was Node's answer. */
const ours: ReadonlySet<string> = new Set(["host", "expect", "x-forwarded-for"]);

/** How a client is introduced that does not introduce itself: for the API server's audit log, and as field manager. */
const userAgent = "metadata-mirror-ambassador";

/** The headers to send for a request, as undici takes them: names and values in turn. */
export function requestHeaders(
  rawHeaders: readonly string[],
  headers: IncomingHttpHeaders,
  remoteAddress: string | undefined,
): string[] {
  const dropped = namedBy(headers.connection);
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = [rawHeaders[index], rawHeaders[index + 1]];
    const key = name.toLowerCase();
    const isOurs = ours.has(key) || (key === "authorization" && value === "");
    if (!isOurs && !hopByHop.has(key) && !dropped?.has(key)) kept.push(name, value);
  }
  if (headers["user-agent"] === undefined) kept.push("user-agent", userAgent);
  if (/(^|,)\s*trailers\s*(,|$)/i.test(String(headers["te"]))) kept.push("te", "trailers");
  const forwardedFor = [headers["x-forwarded-for"], remoteAddress].filter((address) => address !== undefined);
  if (forwardedFor.length > 0) kept.push("x-forwarded-for", forwardedFor.join(", "));
  return kept;
}

/** Whether a body comes with a request. */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers["transfer-encoding"] !== undefined || !/^0*$/.test(headers["content-length"] ?? "");
}

/**
 * What to add to the headers of a request to prove who we are: nothing where the client proves itself, or where there is no token. As client-go,
 * which takes an empty proof for none.
 */
export function proofOf(headers: readonly string[], token: string | undefined): readonly string[] {
  const own = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === "authorization");
  return own || token === undefined ? [] : ["authorization", `Bearer ${token}`];
}

/** The headers to answer with, of those that the server answered with. */
export function responseHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const dropped = namedBy(headers.connection);
  const kept: Record<string, string | string[]> = {};
  for (const key in headers) {
    const value = headers[key];
    if (value !== undefined && !hopByHop.has(key) && !dropped?.has(key)) kept[key] = value;
  }
  return kept;
}

/** The names that a Connection header declares to be of this connection too; undefined where there is nothing to look up. */
function namedBy(connection: string | readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === "keep-alive" || connection === "close") return undefined;
  return new Set(
    String(connection)
      .split(",")
      .map((name) => name.trim().toLowerCase()),
  );
}
