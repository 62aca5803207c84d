import type { IncomingMessage } from "node:http";
import { type Clock, createConnection } from "@metadata-mirror/api-client";
import type { Credentials } from "@metadata-mirror/auth";
import { serveHealth } from "@metadata-mirror/service";
import type { Logger } from "pino";
import { type OwnAnswer, send, sendRaw } from "./answer.ts";
import type { AmbassadorConfig } from "./config.ts";
import { decide, type RequestHead } from "./decide.ts";
import { firstContact } from "./first-contact.ts";
import { forward } from "./forward.ts";
import { listen, maxHeaderBytes } from "./listener.ts";
import { createMetrics } from "./metrics.ts";
import { asksForTunnel, tunnel } from "./tunnel.ts";
import { createUpstream, type Fault } from "./upstream.ts";

export interface AmbassadorOptions {
  readonly credentials: Credentials;
  readonly config: AmbassadorConfig;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Sets the process's file mode creation mask, and answers what it was. */
  readonly umask: (mask: number) => number;
  readonly log: Logger;
  /** Stops it: what is under way is finished, within the drain time. */
  readonly signal: AbortSignal;
  /** Stops it at once. */
  readonly now: AbortSignal;
}

/**
 * Runs the ambassador until `signal` aborts, and resolves once all that was under way is done or cut off. It is the way of a request in one
 * place: listen, decide, forward. Neither a token, nor a header, a body or a query is ever logged.
 *
 * @throws where a port, or the path of the socket, is taken.
 */
export async function runAmbassador(options: AmbassadorOptions): Promise<void> {
  const { credentials, config, clock, random, log, signal, now, umask } = options;
  const { answerTimeoutMs } = config;
  await using connection = createConnection(credentials, { answerTimeoutMs, maxHeaderBytes });
  const upstream = createUpstream(credentials, connection);
  let underWay = () => 0;
  const metrics = createMetrics(() => underWay());

  const onFault = ({ error }: Fault): void => {
    metrics.faults.inc({ code: error.code });
    // a client that has left is no fault
    log[error.code === "canceled" ? "debug" : "warn"]({ fault: error.message }, "a request came to nothing");
  };
  const refuse = (request: IncomingMessage, { status }: OwnAnswer): void => {
    metrics.requests.inc({ method: request.method ?? "", code: status });
    log.debug({ method: request.method, status }, "a request was not sent on");
  };
  const sendOn = { upstream, answerTimeoutMs, onFault };

  await using stack = new AsyncDisposableStack();
  let contact = false;
  const awaited = (): string | undefined => {
    if (signal.aborted) return "its end";
    return contact ? undefined : "the API server";
  };
  const health =
    config.healthPort === undefined
      ? undefined
      : stack.use(await serveHealth({ port: config.healthPort, registry: metrics.registry, waitsFor: awaited }));

  const listener = await listen({
    address: config.address,
    clock,
    umask,
    onRequest(request, response) {
      const decision = decide(headOf(request), config);
      if (decision.kind === "answer") {
        refuse(request, decision.answer);
        send(response, decision.answer);
        return;
      }
      const begin = clock.monotonic();
      response.once("close", () => {
        metrics.requests.inc({ method: request.method ?? "", code: response.headersSent ? response.statusCode : 499 });
      });
      forward(request, response, decision.target, {
        ...sendOn,
        onAnswer: () => metrics.latency.observe((clock.monotonic() - begin) / 1000),
      });
    },
    onTunnel(request, socket, head) {
      const decision = decide(headOf(request), config);
      if (decision.kind === "answer") {
        refuse(request, decision.answer);
        sendRaw(socket, decision.answer);
        return;
      }
      void tunnel(request, socket, head, decision.target, sendOn);
    },
  });
  ({ underWay } = listener);
  const { readOnly } = config.filter;
  log.info({ on: listener.where, to: upstream.origin, readOnly, healthPort: health?.port }, "serving");

  const contacting = firstContact({
    upstream,
    clock,
    random,
    signal,
    onFault: (fault, retryInMs) =>
      log.warn({ fault: fault.message, retryInMs: Math.round(retryInMs) }, "the API server can't be used yet"),
  });
  await contacting;
  if (!signal.aborted) {
    contact = true;
    log.info("ready");
  }
  await aborted(signal);
  log.info({ underWay: underWay() }, "stopping");
  await listener.drain(config.drainTimeoutMs, now);
  log.info("stopped");
}

function headOf(request: IncomingMessage): RequestHead {
  const { method = "", url = "", httpVersion, headers, headersDistinct } = request;
  return {
    method,
    url,
    httpVersion,
    hosts: headersDistinct["host"] ?? [],
    transferEncoding: headers["transfer-encoding"],
    upgrade: asksForTunnel(request),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
