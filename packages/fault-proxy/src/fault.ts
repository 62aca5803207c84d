/** The answers that say no: 401, 403, 404, 409, 410, 429, 500, 503. */
export type RefusalCode = 401 | 403 | 404 | 409 | 410 | 429 | 500 | 503;

/** Why a client must not trust what it has reached. */
export type BadCertificate = "other authority" | "expired" | "other host";

/**
 * What can go wrong between a client and its API server. What is said of *streams* is of watches, also of those that are open when the fault
 * begins; *pieces* are the events of a stream, and the chunks of any other body.
 */
export type Fault =
  /** Each answer, and each piece of it, comes so much later. */
  | { readonly type: "delay"; readonly ms: number }
  /** Requests are accepted, and nothing comes of them. Open streams end, so that they are asked for again. */
  | { readonly type: "stall" }
  /** Streams and answers go silent in their midst, what the client sends on their connections is swallowed, and nothing is ever closed. */
  | { readonly type: "half-open" }
  /** The connection is reset instead of the answer, when the server has done what it was asked for; open streams are reset at once. */
  | { readonly type: "reset before the answer" }
  /** The connection is reset in the middle of the next piece. */
  | { readonly type: "reset in the body" }
  /** The answer ends, as if it were whole, in the middle of the next piece. */
  | { readonly type: "cut" }
  /** Requests are refused, `times` of them or all. Open streams end, so that they are asked for again. */
  | {
      readonly type: "refusal";
      readonly code: RefusalCode;
      readonly times?: number;
      readonly retryAfterSeconds?: number;
    }
  /** Streams tell an ERROR event and end: open ones at once, others where they begin. */
  | { readonly type: "error event"; readonly code: 410 | 500 }
  /** Lists come in pages, of which each is cut in its middle. Open streams expire, so that a list is asked for. */
  | { readonly type: "truncated page" }
  /** Lists come in pages, of which there is only the first: the token for the next has expired. Open streams expire. */
  | { readonly type: "expired continue" }
  /** Streams bring no bookmarks, also not the one that says that a streamed list is whole. Open streams expire. */
  | { readonly type: "no bookmarks" }
  /** Lists aren't streamed, as by an API server before 1.27: they come in pages. Open streams expire. */
  | { readonly type: "no streamed lists" }
  /** Each event comes twice. */
  | { readonly type: "duplicates" }
  /**
   * Each event of an object is overtaken by the next if that is of another object. An API server sends those of one object always, and
   * those of one resource most often, in the order of their versions; a bookmark never overtakes what it stands for.
   */
  | { readonly type: "reordered" }
  /** Pieces come so slowly that none gets whole: byte by byte. Those that have begun stay so slow when it's lifted. */
  | { readonly type: "trickle"; readonly bytesPerSecond: number }
  /** New connections find a certificate that isn't to be trusted. Open streams are reset. */
  | { readonly type: "untrusted"; readonly certificate: BadCertificate }
  /** New connections are cut in their TLS handshake. Open streams are reset. */
  | { readonly type: "no handshake" }
  /** Nobody listens. Open streams are reset. What is refused so isn't seen: it makes no hits. */
  | { readonly type: "refused" }
  /** The name of `namedLogin` has no address. Open streams are reset. */
  | { readonly type: "unresolved" };
