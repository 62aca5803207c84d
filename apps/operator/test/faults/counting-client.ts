import { type ApiClient, type ApiError, type Clock, connect } from "@metadata-mirror/api-client";
import type { Login } from "@metadata-mirror/control-plane";

/** How the client of a case differs from one in use. */
export interface ClientSettings {
  /** How long a silent server is waited for, in milliseconds: shorter than in use, so that a test need not wait as long. */
  readonly silenceMs?: number | undefined;
  /** Objects a page. */
  readonly pageSize?: number | undefined;
}

/** A client that counts what its watches call a fault. */
export interface CountingClient {
  readonly client: ApiClient;
  readonly faults: () => number;
  /** A line for each of them, with its time by `performance.now()`. */
  readonly told: () => readonly string[];
  /** Until when the longest of the pauses lasts that follow faults, by `performance.now()`. */
  readonly pausedUntil: () => number;
}

/** A client with the login. */
export function createClient(login: Login, clock: Clock, settings: ClientSettings = {}): CountingClient {
  const { silenceMs, pageSize } = settings;
  const told: string[] = [];
  let pausedUntil = 0;
  const tls = { ca: login.ca, insecureSkipTLSVerify: false };
  const client = connect(
    {
      server: login.server,
      namespace: "default",
      source: "a test",
      warnings: [],
      tls: () => Promise.resolve(tls),
      token: () => Promise.resolve(login.token),
    },
    { clock, random: () => 0.5, ...(silenceMs !== undefined && { answerTimeoutMs: silenceMs }) },
  );
  return {
    faults: () => told.length,
    told: () => told,
    pausedUntil: () => pausedUntil,
    client: {
      ...client,
      watch: (resource, options) =>
        client.watch(resource, {
          ...options,
          ...(silenceMs !== undefined && { stallMs: silenceMs }),
          ...(pageSize !== undefined && { pageSize }),
          onFault(fault: ApiError, retryInMs: number) {
            const now = performance.now();
            told.push(`${Math.round(now)} ms: ${fault.message}, again in ${retryInMs} ms`);
            pausedUntil = Math.max(pausedUntil, now + retryInMs);
            options.onFault?.(fault, retryInMs);
          },
        }),
    },
  };
}
