/** What a request asks for, its path both as it was sent and as it is meant. */
export interface RequestTarget {
  /** Percent-decoded once, as the API server decodes it before it looks at it. */
  readonly path: string;
  /** As sent, percent-encoded. */
  readonly rawPath: string;
  /** From the `?` on, as sent; empty without one. */
  readonly query: string;
  /** The host of an absolute-form target, which goes before the Host header (RFC 9112, 3.2.2); undefined for the usual origin-form. */
  readonly authority: string | undefined;
}

const malformedEscape = /%(?![0-9a-fA-F]{2})/;

/**
 * Reads a request line's target, as Go's net/url does:
 * ```
 * /api/v1/pods?watch=true      --> path /api/v1/pods, query ?watch=true
 * /api/v1/p%6Fds               --> path /api/v1/pods, rawPath /api/v1/p%6Fds
 * http://localhost:8001/api    --> path /api, authority localhost:8001
 * api, /%zz, *, localhost:443  --> undefined
 * ```
 */
export function parseRequestTarget(text: string): RequestTarget | undefined {
  const absolute = text.startsWith("/") ? undefined : /^https?:\/\/([^/?]*)(.*)$/i.exec(text);
  if (absolute === null) return undefined;
  const rest = absolute?.[2] ?? text;
  const queryAt = rest.indexOf("?");
  const rawPath = queryAt === -1 ? rest : rest.slice(0, queryAt);
  if (malformedEscape.test(rawPath)) return undefined;
  return {
    path: decode(rawPath),
    rawPath,
    query: queryAt === -1 ? "" : rest.slice(queryAt),
    authority: absolute?.[1],
  };
}

function decode(rawPath: string): string {
  if (!rawPath.includes("%")) return rawPath;
  try {
    return decodeURIComponent(rawPath);
  } catch {
    // bytes that are no UTF-8: each stands for itself
    return rawPath.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/** The host that a request is for, without its port: `localhost:8001` --> `localhost`, `[::1]:8001` --> `[::1]`. */
export function hostOf(authority: string): string {
  return authority.replace(/:[0-9]*$/, "");
}
