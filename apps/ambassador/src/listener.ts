import { once } from "node:events";
import { rm, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "@metadata-mirror/api-client";
import { plain, sendRaw } from "./answer.ts";
import { asksForTunnel } from "./tunnel.ts";
import { createTurns } from "./turns.ts";

/** Where the ambassador listens. */
export type Address = { readonly host: string; readonly port: number } | { readonly unixSocket: string };

export interface ListenerOptions {
  readonly address: Address;
  readonly clock: Clock;
  /** Sets the process's file mode creation mask, and answers what it was. */
  readonly umask: (mask: number) => number;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onTunnel: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** A server of plain HTTP. */
export interface Listener {
  /** For people: `127.0.0.1:8001`, or the path of the socket. */
  readonly where: string;
  /** How many requests and tunnels are under way. */
  readonly underWay: () => number;
  /**
   * Takes no more connections, and resolves when what is under way is done; what is not after `graceMs` milliseconds, or once
   * `now` aborts, is cut off.
   */
  drain(graceMs: number, now: AbortSignal): Promise<void>;
}

/** As Go's http.DefaultMaxHeaderBytes, which is what the API server takes as well. */
export const maxHeaderBytes = 1024 * 1024;

/** How long the head of a request may take to come. Its body may take for ever, as may the pause between two requests. */
const headTimeoutMs = 60_000;

/**
 * Listens there, with kubectl proxy's manners: no idle connection is closed, a socket file is for its owner only, and replaces one that
 * was left over. What is no HTTP is answered with 400, too large a head with 431.
 *
 * @throws where the port or the path is taken.
 */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const { address, clock, onRequest, onTunnel } = options;
  const turns = createTurns();
  const connections = new Set<Duplex>();
  const underWay = new Set<ServerResponse | Duplex>();
  let draining = false;
  const server = createServer({
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: headTimeoutMs,
    maxHeaderSize: maxHeaderBytes,
    requireHostHeader: false,
    shouldUpgradeCallback: asksForTunnel,
  });
  const track = (one: ServerResponse | Duplex): void => {
    underWay.add(one);
    one.once("close", () => {
      underWay.delete(one);
      if (draining) server.closeIdleConnections();
    });
  };
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("request", (request, response) =>
    turns.take(request, response, () => {
      track(response);
      if (draining) response.shouldKeepAlive = false;
      onRequest(request, response);
    }),
  );
  const handOver = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node no longer listens to it, and an error that nobody listens to ends the process
    socket.on("error", () => socket.destroy());
    const before = turns.underWay(socket);
    if (before !== undefined) {
      // a tunnel behind an answer would be taken for that, and who would tell the answer that its connection is gone?
      before.destroy();
      socket.destroy();
      return;
    }
    track(socket);
    onTunnel(request, socket, head);
  };
  server.on("upgrade", handOver);
  server.on("connect", handOver);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // what comes behind the last request of a connection, whose answer is on its way
    if (error.code === "HPE_CLOSED_CONNECTION") return;
    if (turns.underWay(socket)?.headersSent) socket.destroy();
    else refuseGarbage(error, socket);
  });
  await bind(server, options);
  return {
    where: "unixSocket" in address ? address.unixSocket : authorityOf(server.address() as AddressInfo),
    underWay: () => underWay.size,
    async drain(graceMs, now) {
      draining = true;
      const closed = once(server, "close");
      server.close();
      // to Node a connection on which nothing has come yet is not idle
      for (const one of connections) if (!underWay.has(one) && turns.underWay(one) === undefined) one.destroy();
      const over = new AbortController();
      const cut = AbortSignal.any([now, over.signal]);
      const late = clock.sleep(graceMs, cut).then(() => {
        for (const one of connections) one.destroy();
      });
      await closed;
      over.abort();
      await late;
    },
  };
}

async function bind(server: Server, { address, umask }: ListenerOptions): Promise<void> {
  if (!("unixSocket" in address)) {
    server.listen(address.port, address.host);
    await once(server, "listening");
    return;
  }
  const { unixSocket } = address;
  const found = await stat(unixSocket).catch(() => undefined);
  if (found?.isSocket()) await rm(unixSocket);
  const mask = umask(0o077);
  try {
    server.listen(unixSocket);
  } finally {
    umask(mask);
  }
  await once(server, "listening");
}

function authorityOf({ address, family, port }: AddressInfo): string {
  return `${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** What Go's net/http says to a request that it can't read. */
function refuseGarbage({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === "ECONNRESET" || !socket.writable) socket.destroy();
  else sendRaw(socket, plain(statusOfGarbage[code ?? ""] ?? 400));
}

const statusOfGarbage: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
