import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Clock } from "@metadata-mirror/api-client";
import { onFreePort } from "@metadata-mirror/control-plane";
import type { Certificates } from "./certificates.ts";
import type { BadCertificate } from "./fault.ts";

/** What new connections find: a TLS server, with a good certificate or a bad one, or a cut in the handshake. */
export type Reception = "good" | "cut" | BadCertificate;

/** A TLS server of HTTP on 127.0.0.1. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** Closes the port: whoever connects is refused. Connections stay. */
  close(): void;
  /** Opens it again, the same one. */
  reopen(): Promise<void>;
  /** Resets the connection that `socket` is the TLS of. */
  reset(socket: Socket): void;
}

export interface ListenerOptions {
  readonly certificates: Certificates;
  readonly clock: Clock;
  /** Asked for each new connection. */
  readonly receive: () => Reception;
  readonly onRequest: RequestListener;
}

/** Starts to listen, on a port that is free. */
export async function listen({ certificates, clock, receive, onRequest }: ListenerOptions): Promise<Listener> {
  const http = createHttpServer({ keepAlive: true, requestTimeout: 0 }, onRequest);
  http.keepAliveTimeout = 60_000;
  const sockets = new Set<Socket>();
  const rawOf = new WeakMap<Socket, Socket>();
  // made first, so that no connection has to wait for it
  await certificates.show();

  async function accept(raw: Socket): Promise<void> {
    sockets.add(raw);
    raw.once("close", () => sockets.delete(raw)).on("error", () => raw.destroy());
    const reception = receive();
    if (reception === "cut") {
      await once(raw, "data");
      raw.resetAndDestroy();
      return;
    }
    const secureContext = await certificates.show(reception === "good" ? undefined : reception);
    const tls = new TLSSocket(raw, { isServer: true, secureContext });
    rawOf.set(tls, raw);
    tls.on("error", () => raw.destroy());
    tls.once("secure", () => http.emit("connection", tls));
  }

  async function open(port: number): Promise<Server> {
    const server = createServer({ noDelay: true }, (raw) => void accept(raw).catch(() => raw.destroy()));
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  let server = await onFreePort(open);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () => void server.close(),
    async reopen() {
      // a connection of somebody else's may have the port for a moment
      for (let attempt = 1; ; attempt++) {
        try {
          server = await open(port);
          return;
        } catch (error) {
          if (attempt === 50) throw error;
          await clock.sleep(20);
        }
      }
    },
    reset: (socket) => void rawOf.get(socket)?.resetAndDestroy(),
    [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      http.close();
      return Promise.resolve();
    },
  };
}
