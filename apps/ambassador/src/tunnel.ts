import { type ClientRequest, type IncomingMessage, request as httpRequest, ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import { type Duplex, pipeline } from "node:stream";
import { defaultProbeAfterMs, isUntrusted, tlsOptions } from "@metadata-mirror/api-client";
import { failure, sendRaw } from "./answer.ts";
import { hasBody, proofOf, requestHeaders, responseHeaders } from "./headers.ts";
import type { RequestTarget } from "./request-target.ts";
import { type Fault, faultOf, type Upstream } from "./upstream.ts";

/** The protocols that the API server switches to. An offer of another one, such as curl's of h2c, is ignored, as HTTP allows. */
const protocols = /^(websocket|spdy\/3\.1)$/i;

/** Whether a request asks for a tunnel that there can be: with a body, nobody could tell where that ends and the tunnel begins. */
export function asksForTunnel({ headers }: IncomingMessage): boolean {
  return protocols.test(headers.upgrade ?? "") && !hasBody(headers);
}

export interface TunnelOptions {
  readonly upstream: Upstream;
  readonly answerTimeoutMs: number;
  /** Told of what went wrong between us and the server. */
  readonly onFault: (fault: Fault) => void;
  /** Told the status of the answer, which is 101 where there is a tunnel. */
  readonly onAnswer: (status: number) => void;
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
  { upstream, answerTimeoutMs, onFault, onAnswer }: TunnelOptions,
): Promise<void> {
  const action = `${request.method} ${target.rawPath}`;
  let answered = false;
  // a tunnel is not tried again, but the next one has what is read anew; why it could not be is told then
  const renew = (): void => void upstream.means(action, true).catch(() => undefined);
  const fail = (error: unknown): void => {
    // half an answer can only be cut off
    if (answered) client.destroy();
    if (client.destroyed || client.writableEnded) return;
    const fault = faultOf(error, action);
    onFault(fault);
    onAnswer(fault.status);
    if (isUntrusted(error)) renew();
    sendRaw(client, failure(fault.status, fault.words));
  };
  try {
    const outgoing = await openRequest(request, target, upstream, action);
    client.once("close", () => outgoing.destroy());
    // nobody reads it yet, and who doesn't read doesn't learn that the other side has left
    client.once("end", () => {
      if (!answered) client.destroy();
    });
    client.read(0);
    outgoing.on("error", fail);
    // it has left meanwhile, and will not close once more
    if (client.destroyed) outgoing.destroy();
    outgoing.setTimeout(answerTimeoutMs, () => outgoing.destroy(Object.assign(new Error("no answer"), silence)));
    outgoing.once("response", (answer) => {
      answered = true;
      onAnswer(answer.statusCode ?? 0);
      if (answer.statusCode === 401) renew();
      passOn(answer, request, client);
    });
    outgoing.once("upgrade", (answer, server, serverHead) => {
      answered = true;
      onAnswer(101);
      outgoing.setTimeout(0);
      client.write(headOf(answer), "latin1");
      join(client, head, server, serverHead);
    });
    outgoing.end();
  } catch (error) {
    fail(error);
  }
}

const silence = { code: "ETIMEDOUT" };

/** Answers the client with what the server answered instead of switching, and ends the connection; or cuts it off where the answer is cut. */
function passOn(answer: IncomingMessage, request: IncomingMessage, client: Duplex): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(request.socket);
  response.writeHead(answer.statusCode ?? 502, responseHeaders(answer.headers));
  // what is left unread hides that the client has ended its side
  client.resume();
  pipeline(answer, response, (error) => {
    if (error) client.destroy();
    else client.end();
  });
}

/** The request for the tunnel, on a connection of its own, yet to be ended. */
async function openRequest(
  { method, headers, rawHeaders, socket }: IncomingMessage,
  target: RequestTarget,
  upstream: Upstream,
  action: string,
): Promise<ClientRequest> {
  const { token } = await upstream.means(action);
  const tls = await upstream.tls();
  const open = upstream.origin.startsWith("https:") ? httpsRequest : httpRequest;
  const sent = requestHeaders(rawHeaders, headers, socket.remoteAddress);
  // else Node ends a POST with an empty chunk, which would be the tunnel's first bytes
  const noBody = method === "GET" || headers["content-length"] !== undefined ? [] : ["content-length", "0"];
  const switching = ["host", new URL(upstream.origin).host, "connection", "Upgrade", "upgrade", headers.upgrade ?? ""];
  const outgoing = open(upstream.origin, {
    agent: false,
    method,
    path: upstream.prefix + target.rawPath + target.query,
    headers: [...sent, ...proofOf(sent, token), ...noBody, ...switching],
    ...tlsOptions(tls),
  });
  outgoing.once("socket", (own) => own.setKeepAlive(true, defaultProbeAfterMs));
  return outgoing;
}

/** The status line and headers of an answer, as they came. */
function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
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
