/** A path of the API server as it goes into a request. */
export interface BrowsePath {
  /** Encoded, without a slash at its end: `/`, `/apis/batch/v1/jobs`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * A path as people type it: with or without a slash at either end, with a query, encoded or not. Throws a TypeError for what is no path of
 * the server (a URL, `..`, `//`), and for a watch or a log that is followed, which have no end to read to.
 */
export function parsePath(typed: string): BrowsePath {
  const [path = "", ...query] = typed.trim().split("?");
  try {
    return { path: canonical(path), query: single(new URLSearchParams(query.join("?"))) };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`"${typed}" can't be browsed: ${words}`, { cause });
  }
}

function canonical(path: string): string {
  if (/^([a-z][a-z\d+.-]*:)?\/\//i.test(path))
    throw new TypeError("it is no path of the server, such as /apis/batch/v1");
  const trimmed = path.replace(/^\//, "").replace(/\/$/, "");
  if (trimmed === "") return "/";
  const whole = trimmed
    .split("/")
    .map((segment) => `/${encode(segment)}`)
    .join("");
  if (/^(\/api|\/apis\/[^/]+)\/[^/]+\/watch(\/|$)/.test(whole)) throw endless("watch");
  return whole;
}

/** What is encoded stays so. */
function encode(segment: string): string {
  try {
    const plain = decodeURIComponent(segment);
    if (!["", ".", ".."].includes(plain) && !plain.includes("/")) return encodeURIComponent(plain);
  } catch {
    throw new TypeError(`"${segment}" is not encoded as it should be: a % is %25`);
  }
  throw new TypeError(`"${segment}" can't be part of a path`);
}

/** By name. The server reads its switches as k8s.io/apimachinery/pkg/runtime/conversion.go does. */
function single(query: URLSearchParams): Readonly<Record<string, string>> {
  for (const [name, value] of query) {
    if (query.getAll(name).length > 1) throw new TypeError(`its query has more than one ${name}`);
    const isOff = ["false", "0"].includes(value.toLowerCase());
    if (["watch", "follow"].includes(name) && !isOff) throw endless(name);
  }
  return Object.fromEntries(query);
}

function endless(name: string): TypeError {
  return new TypeError(`with ${name} the answer has no end: leave it out`);
}

/** All objects of a resource, or those of a namespace. */
export interface Collection {
  /** Of the version of the group, as in `/apis/batch/v1`. */
  readonly root: string;
  readonly plural: string;
}

/**
 * The collection that a path, as `parsePath` gives it, is of by its form, if it is of one. The forms are those of
 * k8s.io/apiserver/pkg/endpoints/request/requestinfo.go.
 */
export function collectionOf(path: string): Collection | undefined {
  const [, root = "", below = ""] = /^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)\/(.+)$/.exec(path) ?? [];
  const [, inNamespace] = /^namespaces\/[^/]+\/([^/]+)$/.exec(below) ?? [];
  if (inNamespace === "status" || inNamespace === "finalize") return undefined;
  const plural = inNamespace ?? below;
  return plural === "" || plural.includes("/") ? undefined : { root, plural };
}
