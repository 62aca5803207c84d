import type { Credentials } from "@metadata-mirror/auth";
import { Agent, type Dispatcher } from "undici";
import { ApiError } from "./api-error.ts";
import type { Clock } from "./clock.ts";
import { refusal } from "./refusal.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One HTTP request to the API server. */
interface TransportRequest {
  readonly method: Method;
  /** From the server's root, encoded: `/api/v1/pods`. */
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For how long, in milliseconds, the body of the answer may stay silent; 30 s by default. */
  readonly bodyTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** For errors: verb, resource, namespace and name. */
  readonly action: string;
}

export type ResponseBody = Dispatcher.ResponseData["body"];

/** Sends requests over one pool of kept-alive connections. Disposing of it cuts those under way off, as `canceled`. */
export interface Transport extends AsyncDisposable {
  /** The body of a 2xx answer, to be read to its end or destroyed. Everything else is an ApiError, and so is no answer. */
  send(request: TransportRequest): Promise<ResponseBody>;
}

export interface TransportOptions {
  readonly clock: Clock;
  readonly userAgent: string;
}

const connectTimeoutMs = 10_000;
const answerTimeoutMs = 30_000;

/** Shorter than load balancers keep idle connections, longer than a busy operator's breath: each saves a TLS handshake. */
const idleTimeoutMs = 30_000;

/**
 * Connects lazily, once: one undici Agent for its whole life (client-node makes one for each call). HTTP/1.1, so that each watch has a
 * connection of its own, which stalls and dies alone. Tokens are sent, never logged or put into an error.
 */
export function createTransport(credentials: Credentials, { clock, userAgent }: TransportOptions): Transport {
  const agent = createAgent(credentials);
  const { origin, pathname } = new URL(credentials.server);
  const prefix = pathname.replace(/\/+$/, "");

  async function attempt(request: TransportRequest, token: string | undefined): Promise<Dispatcher.ResponseData> {
    const { method, body, signal, headers, action } = request;
    try {
      return await agent.request({
        origin,
        path: prefix + request.path + queryString(request.query),
        method,
        headers: {
          ...headers,
          "user-agent": userAgent,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: body ?? null,
        signal: signal ?? null,
        bodyTimeout: request.bodyTimeoutMs ?? answerTimeoutMs,
      });
    } catch (error) {
      throw ApiError.from(error, { action, signal });
    }
  }

  async function tokenFor({ action }: TransportRequest, fresh: boolean): Promise<string | undefined> {
    try {
      return await credentials.token({ fresh });
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new ApiError("unauthorized", `${action}: no token to send: ${words}`, { cause });
    }
  }

  return {
    async send(request) {
      const token = await tokenFor(request, false);
      let response = await attempt(request, token);
      if (response.statusCode === 401 && token !== undefined) {
        // rotated under us: once is enough, since the second token was read after the first was refused
        await response.body.dump();
        response = await attempt(request, await tokenFor(request, true));
      }
      if (response.statusCode >= 200 && response.statusCode < 300) return response.body;
      throw await refusal(response, { action: request.action, signal: request.signal }, clock);
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

function createAgent({ tls }: Credentials): Agent {
  const { ca, cert, key, serverName, insecureSkipVerify } = tls;
  return new Agent({
    allowH2: false,
    pipelining: 1,
    headersTimeout: answerTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    connect: {
      timeout: connectTimeoutMs,
      rejectUnauthorized: !insecureSkipVerify,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
  });
}

function queryString(query: TransportRequest["query"] = {}): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? "" : `?${new URLSearchParams(set).toString()}`;
}
