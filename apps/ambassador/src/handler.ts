import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import { type OwnAnswer, send, sendRaw } from "./answer.ts";
import type { AmbassadorConfig } from "./config.ts";
import { decide, type RequestHead } from "./decide.ts";
import { forward } from "./forward.ts";
import type { Metrics } from "./metrics.ts";
import { asksForTunnel, tunnel } from "./tunnel.ts";
import type { Fault, Upstream } from "./upstream.ts";

export interface HandlerOptions {
  readonly config: AmbassadorConfig;
  readonly upstream: Upstream;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What becomes of what the listener takes. */
export interface Handler {
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onTunnel: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Of a client that left before its answer began; there is no such status, but nginx has made it known. */
const clientLeft = 499;

/**
 * Has each request decided about and then sent on, or answered, and counts what came of it. Neither a token, nor a header, a body or a query is
 * ever logged.
 */
export function createHandler({ config, upstream, metrics, clock, log }: HandlerOptions): Handler {
  const count = ({ method = "" }: IncomingMessage, status: number): void =>
    metrics.requests.inc({ method, code: status });
  const sendOn = {
    upstream,
    answerTimeoutMs: config.answerTimeoutMs,
    onFault({ error }: Fault): void {
      metrics.faults.inc({ code: error.code });
      // a client that has left is no fault
      log[error.code === "canceled" ? "debug" : "warn"]({ fault: error.message }, "a request came to nothing");
    },
  };
  const refuse = (request: IncomingMessage, { status }: OwnAnswer): void => {
    count(request, status);
    log.debug({ method: request.method, status }, "a request was not sent on");
  };
  return {
    onRequest(request, response) {
      const decision = decide(headOf(request), config);
      if (decision.kind === "answer") {
        refuse(request, decision.answer);
        send(response, decision.answer);
        return;
      }
      const begin = clock.monotonic();
      const onAnswer = () => metrics.latency.observe((clock.monotonic() - begin) / 1000);
      response.once("close", () => count(request, response.headersSent ? response.statusCode : clientLeft));
      forward(request, response, decision.target, { ...sendOn, onAnswer });
    },
    onTunnel(request, socket, head) {
      const decision = decide(headOf(request), config);
      if (decision.kind === "answer") {
        refuse(request, decision.answer);
        sendRaw(socket, decision.answer);
        return;
      }
      const onAnswer = (status: number) => count(request, status);
      void tunnel(request, socket, head, decision.target, { ...sendOn, onAnswer });
    },
  };
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
