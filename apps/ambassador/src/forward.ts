import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { isUntrusted } from "@metadata-mirror/api-client";
import type { Dispatcher } from "undici";
import { failure, send } from "./answer.ts";
import { hasBody, proofOf, requestHeaders, responseHeaders } from "./headers.ts";
import { patienceOf } from "./long-running.ts";
import { isSafe } from "./method.ts";
import type { RequestTarget } from "./request-target.ts";
import { type Fault, faultOf, type Upstream } from "./upstream.ts";

export interface ForwardOptions {
  readonly upstream: Upstream;
  /** How long the server may be silent, in milliseconds: see `patienceOf`. */
  readonly answerTimeoutMs: number;
  /** Told of what went wrong between us and the server. */
  readonly onFault: (fault: Fault) => void;
  /** Told when the answer begins. */
  readonly onAnswer: () => void;
}

/** One request and its response, on its way to the server and back. */
interface Exchange extends ForwardOptions {
  /** For errors: method and path. */
  readonly action: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  readonly headers: readonly string[];
  /** Undefined without one. A pipe, so that a failure of ours does not cut the connection of who sends it. */
  readonly body: PassThrough | undefined;
}

/**
 * Sends a request on to the API server, and its answer back as it comes: nothing is collected, and neither side is read faster than
 * the other takes. A client that leaves ends the request. What can be repeated (no body, safe method) is tried once more when a
 * kept-alive connection turns out to be gone, and after a token was refused or a certificate not trusted, with what is read anew.
 * An answer that breaks off in the middle is broken off to the client as well.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  target: RequestTarget,
  options: ForwardOptions,
): void {
  const exchange: Exchange = {
    ...options,
    action: `${request.method} ${target.rawPath}`,
    request,
    response,
    target,
    headers: requestHeaders(request.rawHeaders, request.headers, request.socket.remoteAddress),
    body: hasBody(request.headers) ? request.pipe(new PassThrough()) : undefined,
  };
  void attempt(exchange, false);
}

/** One try; with `fresh`, which is the last one, what we prove ourselves with and trust is read anew first. */
async function attempt(exchange: Exchange, fresh: boolean): Promise<void> {
  const { upstream, action, request, target, headers, body, answerTimeoutMs } = exchange;
  try {
    const { pool, token } = await upstream.means(action, fresh);
    const proof = proofOf(headers, token);
    const method = (request.method ?? "GET") as Dispatcher.HttpMethod;
    pool.dispatch(
      {
        path: upstream.prefix + target.rawPath + target.query,
        method,
        headers: [...headers, ...proof],
        body: body ?? null,
        ...patienceOf(target, answerTimeoutMs),
      },
      answerer(exchange, fresh, proof.length > 0),
    );
  } catch (error) {
    fail(exchange, error);
  }
}

/** Passes on what comes back of one try, which was made with our token or without; or has another one made. */
function answerer(exchange: Exchange, fresh: boolean, withToken: boolean): Dispatcher.DispatchHandler {
  const { upstream, action, request, response, body, onAnswer } = exchange;
  const repeatable = body === undefined && isSafe(request.method ?? "");
  let begun = false;
  let superseded = false;
  const again = (): void => {
    superseded = true;
    void attempt(exchange, true);
  };
  return {
    onRequestStart(controller) {
      const leave = (): void => {
        if (!response.writableFinished) controller.abort(new Error("the client left"));
      };
      if (response.destroyed) leave();
      else response.once("close", leave);
    },
    onResponseStart(controller, status, headers) {
      if (status < 200) return;
      begun = true;
      if (status === 401 && withToken && !fresh) {
        if (repeatable) return again();
        // the next one at least is sent with what is read anew; why it could not be is told then
        upstream.means(action, true).catch(() => undefined);
      }
      onAnswer();
      endWithRequest(exchange);
      response.writeHead(status, responseHeaders(headers));
      // who watches wants to know that the watch is there, before the first event
      if (headers["content-length"] === undefined) response.flushHeaders();
      response.on("drain", () => controller.resume());
    },
    onResponseData(controller, chunk) {
      if (!superseded && !response.write(chunk)) controller.pause();
    },
    onResponseEnd(_, trailers) {
      if (superseded) return;
      if (Object.keys(trailers).length > 0) response.addTrailers(responseHeaders(trailers));
      response.end();
    },
    onResponseError(_, error) {
      if (superseded || response.destroyed) return;
      const gone = "code" in error && ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(String(error.code));
      if (!begun && !fresh && repeatable && (gone || isUntrusted(error))) again();
      else fail(exchange, error);
    },
  };
}

/** Tells the client what went wrong, or where half an answer is sent already, cuts it off. */
function fail(exchange: Exchange, error: unknown): void {
  const { action, response, onFault } = exchange;
  const fault = faultOf(error, action);
  onFault(fault);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  endWithRequest(exchange);
  send(response, failure(fault.status, fault.words));
}

/** An answer that does not wait for the end of its request is the connection's last: what comes of that still is not the next request. */
function endWithRequest({ request, response }: Exchange): void {
  if (!request.complete) response.shouldKeepAlive = false;
}
