import { type ServerResponse, STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** What the ambassador itself answers, instead of the API server. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The reasons of metav1.Status by HTTP status: k8s.io/apimachinery/pkg/apis/meta/v1/types.go. */
const reasons: Readonly<Record<number, string>> = {
  400: "BadRequest",
  403: "Forbidden",
  404: "NotFound",
  502: "ServiceUnavailable",
  504: "Timeout",
};

/** A metav1.Status, as the API server's own errors are, so that a client library shows its words: they begin with `ambassador:`. */
export function failure(status: number, words: string): OwnAnswer {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `ambassador: ${words}`,
    reason: reasons[status] ?? "",
    code: status,
  };
  const headers = { "content-type": "application/json", "x-content-type-options": "nosniff" };
  return { status, headers, body: `${JSON.stringify(body)}\n` };
}

/** To where the path of a request really leads, as Go's ServeMux does it. */
export function redirect(method: string, location: string): OwnAnswer {
  if (!["GET", "HEAD"].includes(method)) return { status: 307, headers: { location }, body: "" };
  const href = location.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    status: 307,
    headers: { location, "content-type": "text/html; charset=utf-8" },
    body: `<a href="${href}">Temporary Redirect</a>.\n\n`,
  };
}

/** A few words of text, for what was no request. */
export function plain(status: number): OwnAnswer {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  return { status, headers, body: `${status} ${STATUS_CODES[status]}` };
}

/** Sends it, whole. After a request that makes no sense the connection ends: where the next one begins is anyone's guess. */
export function send(response: ServerResponse, answer: OwnAnswer): void {
  const { status, body } = answer;
  if ([400, 501, 505].includes(status)) response.shouldKeepAlive = false;
  response.writeHead(status, headersOf(answer));
  response.end(body);
}

/** How long a client that was told that its connection ends may take to end its side of it. */
const lingerMs = 5_000;

/** The same on a socket, for a connection that no longer is, or never was, one of HTTP messages; it ends with it. */
export function sendRaw(socket: Duplex, answer: OwnAnswer): void {
  const { status, body } = answer;
  const headers = Object.entries({ ...headersOf(answer), connection: "close" });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket instanceof Socket) socket.setTimeout(lingerMs, () => socket.destroy());
  // what is left unread hides that the client has ended its side
  socket.resume();
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
}

function headersOf({ headers, body }: OwnAnswer): Record<string, string | number> {
  return { ...headers, "content-length": Buffer.byteLength(body) };
}
