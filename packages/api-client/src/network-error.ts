import type { ApiErrorCode } from "./error-code.ts";

/** What a failed connection means, in our code and in words for someone who doesn't know the system's. */
export interface NetworkError {
  readonly code: ApiErrorCode;
  readonly words: string;
}

const refused = "nothing listens there: is the API server up, and is this its address?";
const cut = "the connection was cut";
const unresolved = "the server's name has no address: is it right, and does DNS answer?";
const unreachable = "there is no way to that network";
const silent = "the server did not answer in time";
const untrusted =
  "the server's certificate is not signed by the authority we trust: is it the right one (ca.crt, certificate-authority)?";
const outdated = "the server's certificate is not valid now: renew it, or set the clock right";
const misnamed = "the server's certificate is for another name: use that name as the server, or set tls-server-name";
const noTls = "one side speaks TLS and the other doesn't: http and https mixed up in the server's address?";

/** By the error codes of Node, OpenSSL and undici. */
const known: Readonly<Record<string, NetworkError>> = {
  ECONNREFUSED: { code: "unavailable", words: refused },
  ECONNRESET: { code: "unavailable", words: cut },
  ECONNABORTED: { code: "unavailable", words: cut },
  EPIPE: { code: "unavailable", words: cut },
  UND_ERR_SOCKET: { code: "unavailable", words: cut },
  ENOTFOUND: { code: "unavailable", words: unresolved },
  EAI_AGAIN: { code: "unavailable", words: unresolved },
  EHOSTUNREACH: { code: "unavailable", words: unreachable },
  ENETUNREACH: { code: "unavailable", words: unreachable },
  ETIMEDOUT: { code: "timeout", words: silent },
  UND_ERR_CONNECT_TIMEOUT: { code: "timeout", words: silent },
  UND_ERR_HEADERS_TIMEOUT: { code: "timeout", words: silent },
  UND_ERR_BODY_TIMEOUT: { code: "timeout", words: "the server went silent in the middle of its answer" },
  UND_ERR_HEADERS_OVERFLOW: { code: "too-large", words: "the server's answer has too large headers" },
  UND_ERR_ABORTED: { code: "canceled", words: "it was canceled" },
  UND_ERR_CLOSED: { code: "canceled", words: "the client is closed" },
  UND_ERR_DESTROYED: { code: "canceled", words: "the client is closed" },
  SELF_SIGNED_CERT_IN_CHAIN: { code: "unavailable", words: untrusted },
  DEPTH_ZERO_SELF_SIGNED_CERT: { code: "unavailable", words: untrusted },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { code: "unavailable", words: untrusted },
  UNABLE_TO_GET_ISSUER_CERT: { code: "unavailable", words: untrusted },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { code: "unavailable", words: untrusted },
  CERT_SIGNATURE_FAILURE: { code: "unavailable", words: untrusted },
  CERT_HAS_EXPIRED: { code: "unavailable", words: outdated },
  CERT_NOT_YET_VALID: { code: "unavailable", words: outdated },
  ERR_TLS_CERT_ALTNAME_INVALID: { code: "unavailable", words: misnamed },
  ERR_SSL_WRONG_VERSION_NUMBER: { code: "unavailable", words: noTls },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: { code: "unavailable", words: noTls },
};

/** The error, or the first in its chain of causes, that names a fault of the network; undefined where none does. */
export function networkError(error: unknown): NetworkError | undefined {
  for (const { link, code } of chainOf(error)) {
    // undici's parser has not always a code
    const found = known[code] ?? byFamily(link.name === "HTTPParserError" ? "HPE_" : code);
    if (found) return { ...found, words: `${found.words} (${link.message.trim() || code})` };
  }
  return undefined;
}

/** Whether a connection came to nothing because one side does not trust what the other one proves itself with. */
export function isUntrusted(error: unknown): boolean {
  for (const { code } of chainOf(error)) {
    if (known[code]?.words === untrusted || /^ERR_SSL_.*_ALERT_/.test(code)) return true;
  }
  return false;
}

/** The error and its causes, each with its code; empty where it has none. */
function* chainOf(error: unknown): Generator<{ readonly link: Error; readonly code: string }> {
  for (let link = error; link instanceof Error; link = link.cause) {
    yield { link, code: "code" in link ? String(link.code) : "" };
  }
}

function byFamily(code: string): NetworkError | undefined {
  if (/^(ERR_SSL_|ERR_TLS_|CERT_)/.test(code))
    return { code: "unavailable", words: "no trusted connection came about" };
  if (code.startsWith("HPE_")) return { code: "unavailable", words: "what answered does not speak HTTP" };
  return undefined;
}
