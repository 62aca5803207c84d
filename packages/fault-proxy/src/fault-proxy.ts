import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "@metadata-mirror/api-client";
import { type Authority, createAuthority, type Login } from "@metadata-mirror/control-plane";
import { apiRequestOf, isAt, type Where } from "./api-request.ts";
import { certificatesOf } from "./certificates.ts";
import { createExchange, type Exchange } from "./exchange.ts";
import type { Fault } from "./fault.ts";
import { createForwarding } from "./forwarding.ts";
import { type ActiveFault, createInjection, type Injection } from "./injection.ts";
import { listen, type Reception } from "./listener.ts";
import { resolveName, suffix } from "./names.ts";

export interface FaultProxyOptions {
  /** The API server that it stands before. Its token is that of the proxy's logins too: who we are is for the client to say. */
  readonly upstream: Login;
  readonly clock: Clock;
  /** Who signs its certificate; one of its own by default. */
  readonly authority?: Authority;
}

/** A proxy between a client and an API server. Disposing closes it, and cuts what is under way. */
export interface FaultProxy extends AsyncDisposable {
  /** What a client connects with, instead of `upstream`. */
  readonly login: Login;
  /** The same by a name, which only this process can look up: what the fault `unresolved` takes. */
  readonly namedLogin: Login;
  /**
   * Begins a fault. It is on until it's lifted, for the requests that `where` names, all of them by default; those that are of connections
   * strike every new connection, and the open streams that `where` names. Of several the first that concerns a request has it.
   */
  inject(fault: Fault, where?: Where): Promise<Injection>;
}

/** Starts one on loopback: HTTPS, HTTP/1.1 with keep-alive, streamed through with back pressure; no upgrades, so no `exec`. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { upstream, clock, authority = await createAuthority("fault proxy") } = options;
  const certificates = certificatesOf(authority);
  const forwarding = createForwarding(upstream);
  const active: (Injection & ActiveFault)[] = [];
  const exchanges = new Set<Exchange>();
  const sockets = new Set<Socket>();
  const muted = new Map<Socket, ActiveFault>();

  const isRefusing = () => active.some(({ fault }) => fault.type === "refused");

  function receive(): Reception {
    const found = active.find(({ fault: { type } }) => type === "no handshake" || type === "untrusted");
    found?.hit();
    if (found === undefined) return "good";
    return found.fault.type === "untrusted" ? found.fault.certificate : "cut";
  }

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket, method = "GET", url = "/" } = message;
    if (!sockets.has(socket)) socket.once("close", () => sockets.delete(socket) && muted.delete(socket));
    sockets.add(socket);
    const request = apiRequestOf(method, url);
    const exchange = createExchange({ request, response, reset: () => listener.reset(socket), clock });
    exchanges.add(exchange);
    response.once("close", () => exchanges.delete(exchange));
    const mutedBy = muted.get(socket);
    if (mutedBy !== undefined) {
      mutedBy.hit();
      return exchange.finish("silence", mutedBy);
    }
    const met = active.find((one) => one.concerns(request));
    if (met === undefined || !(await exchange.refused(met))) {
      const answered = await forwarding.send(message, response);
      if (answered === undefined) exchange.finish("reset", undefined);
      else await exchange.forward(answered, met);
    }
  }

  const listener = await listen({
    certificates,
    clock,
    receive,
    onRequest: (message, response) => void answer(message, response),
  });
  const name = `api-${listener.port}${suffix}`;
  const resolved = resolveName(name, () => {
    const found = active.find(({ fault }) => fault.type === "unresolved");
    found?.hit();
    return found === undefined;
  });
  const login = { server: `https://127.0.0.1:${listener.port}`, ca: certificates.ca, token: upstream.token };

  return {
    login,
    namedLogin: { ...login, server: `https://${name}:${listener.port}` },
    async inject(fault, where = {}) {
      const injection = createInjection(fault, where, async () => {
        active.splice(active.indexOf(injection), 1);
        if (fault.type === "refused" && !isRefusing()) await listener.reopen();
      });
      // before the connections are cut that are to be refused
      if (fault.type === "untrusted") await certificates.show(fault.certificate);
      if (fault.type === "refused" && !isRefusing()) listener.close();
      active.push(injection);
      for (const exchange of exchanges) {
        if (exchange.isOpenStream && isAt(where, exchange.request)) exchange.meet(injection);
      }
      const isOfAll = where.resource === undefined && where.kinds === undefined;
      if (fault.type === "half-open" && isOfAll) for (const socket of sockets) muted.set(socket, injection);
      return injection;
    },
    async [Symbol.asyncDispose]() {
      resolved[Symbol.dispose]();
      await listener[Symbol.asyncDispose]();
      forwarding[Symbol.dispose]();
    },
  };
}
