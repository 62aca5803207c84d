import type { Credentials } from "@metadata-mirror/auth";
import type { Dispatcher } from "undici";
import { ApiError } from "./api-error.ts";
import { type Body, readBytes } from "./body.ts";
import type { Clock } from "./clock.ts";
import { createConnection, defaultAnswerTimeoutMs } from "./connection.ts";
import { type Means, meansOf } from "./means.ts";
import { contentTypeOf } from "./media-type.ts";
import { isUntrusted } from "./network-error.ts";
import { createPatience } from "./patience.ts";
import { refusal } from "./refusal.ts";
import { serverAddress } from "./server-address.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One HTTP request to the API server. */
interface TransportRequest {
  readonly method: Method;
  /** From the server's root, encoded: `/api/v1/pods`. */
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /**
   * Of an answer that goes on for ever, for how long in milliseconds its body may stay silent. Any other may for `answerTimeoutMs`, and is
   * to be whole within five times that, however its bytes come.
   */
  readonly silentMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** For errors: verb, resource, namespace and name. */
  readonly action: string;
}

/** A 2xx answer, its body to be read to its end or left. */
export interface Answer {
  /** "" where the server didn't say. */
  readonly contentType: string;
  readonly body: Body;
}

/** Sends requests over one pool of kept-alive connections. Disposing of it cuts those under way off, as `canceled`. */
export interface Transport extends AsyncDisposable {
  /** Everything but a 2xx answer is an ApiError, and so is no answer. */
  send(request: TransportRequest): Promise<Answer>;
}

export interface TransportOptions {
  readonly clock: Clock;
  readonly userAgent: string;
  /** For how long the server may be silent before an answer and in its midst, in milliseconds; 30 s by default. */
  readonly answerTimeoutMs?: number | undefined;
}

/**
 * How many times `answerTimeoutMs` an answer may take to be whole. With 30 s that's longer than kube-apiserver works on any request but a
 * watch: 60 s, `RequestTimeout` of k8s.io/apiserver/pkg/server/config.go.
 */
const timesToWhole = 5;

/** What is read of an answer for nothing but to use its connection again. */
const drainedBytes = 128 * 1024;

/**
 * A transport with these credentials, whatever rotates under it: what the server refuses (401), or doesn't trust, or isn't trusted for,
 * is read anew and tried once more. Tokens are sent, never logged or put into an error.
 */
export function createTransport(
  credentials: Credentials,
  { clock, userAgent, answerTimeoutMs = defaultAnswerTimeoutMs }: TransportOptions,
): Transport {
  const connection = createConnection(credentials, { answerTimeoutMs });
  const wholeAnswerMs = timesToWhole * answerTimeoutMs;
  const { prefix } = serverAddress(credentials.server);

  function attempt(request: TransportRequest, { pool, token }: Means): Promise<Dispatcher.ResponseData> {
    const { method, body, signal, headers } = request;
    return pool.request({
      path: prefix + request.path + queryString(request.query),
      method,
      headers: {
        ...headers,
        "user-agent": userAgent,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: body ?? null,
      signal: signal ?? null,
      bodyTimeout: request.silentMs ?? answerTimeoutMs,
    });
  }

  /** The body of an answer that is to come whole in time: else who sends a byte a second would keep us for ever. */
  function inTime(body: Body, action: string): Body {
    const words = `${action}: the server sends its answer too slowly, it was not whole after ${wholeAnswerMs / 1000} s`;
    const tired = () => new ApiError("timeout", words);
    return createPatience({ clock, boundMs: wholeAnswerMs, tired }).over(body);
  }

  /** An answer of any status. */
  async function answerTo(request: TransportRequest): Promise<Dispatcher.ResponseData> {
    const used = await meansOf(credentials, connection, request.action);
    const response = await attempt(request, used).catch((error: unknown) => {
      if (isUntrusted(error)) return undefined;
      throw error;
    });
    if (response !== undefined && response.statusCode !== 401) return response;
    // rotated under us: once is enough, since the second was read after the first was refused
    const renewed = await meansOf(credentials, connection, request.action, { fresh: true });
    if (response !== undefined && renewed.token === undefined && renewed.pool === used.pool) return response;
    if (response !== undefined) await readBytes(inTime(response.body, request.action), drainedBytes);
    return attempt(request, renewed);
  }

  return {
    async send(request) {
      const context = { action: request.action, signal: request.signal };
      const response = await answerTo(request).catch((error: unknown) => {
        throw ApiError.from(error, context);
      });
      const { statusCode, statusText, headers } = response;
      const isWell = statusCode >= 200 && statusCode < 300;
      const isStream = isWell && request.silentMs !== undefined;
      const body = isStream ? response.body : inTime(response.body, request.action);
      if (isWell) return { contentType: contentTypeOf(response), body };
      throw await refusal({ statusCode, statusText, headers, body }, context, clock);
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function queryString(query: TransportRequest["query"] = {}): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? "" : `?${new URLSearchParams(set).toString()}`;
}
