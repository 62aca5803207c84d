import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { failure, sendRaw } from "./answer.ts";
import { hasProof, requestHeaders } from "./headers.ts";
import type { RequestTarget } from "./request-target.ts";
import { type Fault, faultOf, type Upstream } from "./upstream.ts";

/** The protocols that the API server switches to. An offer of another one, such as curl's of h2c, is ignored, as HTTP allows. */
const protocols = /^(websocket|spdy\/3\.1)$/i;

/** Whether a request asks for a tunnel that there can be. */
export function asksForTunnel({ headers }: IncomingMessage): boolean {
  return protocols.test(headers.upgrade ?? "");
}

export interface TunnelOptions {
  readonly upstream: Upstream;
  readonly answerTimeoutMs: number;
  /** Told of what went wrong between us and the server. */
  readonly onFault: (fault: Fault) => void;
}

/**
 * Opens a tunnel to the API server, on a connection of its own: what either side sends goes to the other as it is, until one closes. Where
 * the server doesn't switch, the client gets the server's answer, and its connection ends.
 */
export async function tunnel(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  target: RequestTarget,
  { upstream, answerTimeoutMs, onFault }: TunnelOptions,
): Promise<void> {
  const action = `${request.method} ${target.rawPath}`;
  const fail = (error: unknown): void => {
    if (client.destroyed) return;
    const fault = faultOf(error, action);
    onFault(fault);
    sendRaw(client, failure(fault.status, fault.words));
  };
  try {
    const [{ token }, tls] = await Promise.all([upstream.means(action), upstream.tls()]);
    const { ca, cert, key, serverName, insecureSkipTLSVerify } = tls;
    const open = upstream.origin.startsWith("https:") ? httpsRequest : httpRequest;
    const proof = hasProof(request.headers) || token === undefined ? [] : ["authorization", `Bearer ${token}`];
    const { host } = new URL(upstream.origin);
    const ours = ["host", host, "connection", "Upgrade", "upgrade", request.headers.upgrade ?? ""];
    const outgoing = open(upstream.origin, {
      agent: false,
      method: request.method,
      path: upstream.prefix + target.rawPath + target.query,
      headers: [
        ...requestHeaders(request.rawHeaders, request.headers, request.socket.remoteAddress),
        ...proof,
        ...ours,
      ],
      timeout: answerTimeoutMs,
      rejectUnauthorized: !insecureSkipTLSVerify,
      ca,
      cert,
      key,
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
    client.once("close", () => outgoing.destroy());
    // a tunnel may be silent for ever, and its other end may be gone: see createConnection
    outgoing.once("socket", (socket) => socket.setKeepAlive(true, 30_000));
    outgoing.on("error", fail);
    outgoing.once("timeout", () => outgoing.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
    outgoing.once("response", (answer) => {
      client.write(headOf(answer, "close"));
      answer.pipe(client);
    });
    outgoing.once("upgrade", (answer, server, serverHead) => {
      outgoing.setTimeout(0);
      client.write(headOf(answer));
      join(client, head, server, serverHead);
    });
    outgoing.end();
  } catch (error) {
    fail(error);
  }
}

/** The status line and headers of an answer, as they came; `connection` replaces what it says of its own connection. */
function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage, connection?: string): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = [rawHeaders[index], rawHeaders[index + 1]];
    if (connection === undefined || !/^(connection|transfer-encoding)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  if (connection !== undefined) lines.push(`Connection: ${connection}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function join(client: Duplex, clientHead: Buffer, server: Duplex, serverHead: Buffer): void {
  if (serverHead.length > 0) client.write(serverHead);
  if (clientHead.length > 0) server.write(clientHead);
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on("error", () => to.destroy());
    from.once("close", () => to.destroy());
    from.pipe(to);
  }
}
