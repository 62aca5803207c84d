import { createHistogram } from "node:perf_hooks";
import { Client, type Dispatcher } from "undici";

/** Where a load goes, and what it asks. */
export interface Target {
  readonly origin: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The authority to trust, a PEM text. */
  readonly ca?: string;
}

export interface LoadOptions {
  /** Connections that are kept alive, each with one request at a time. */
  readonly connections: number;
  /** For how long, in milliseconds. */
  readonly durationMs: number;
}

/** What a load met with. */
export interface LoadResult {
  /** Latencies in microseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Requests a second. */
  readonly throughput: number;
}

/**
 * Sends GETs as fast as they are answered, on connections that were opened before: a closed loop, as applications are. An answer other than
 * 200 is an error, since what is refused is fast.
 */
export async function load({ origin, path, headers = {}, ca }: Target, options: LoadOptions): Promise<LoadResult> {
  const { connections, durationMs } = options;
  const connect = ca === undefined ? {} : { ca };
  const clients = Array.from({ length: connections }, () => new Client(origin, { connect, pipelining: 1 }));
  const histogram = createHistogram();
  try {
    await Promise.all(clients.map((client) => get(client, path, headers)));
    const begin = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() - begin < durationMs) {
          const sent = performance.now();
          await get(client, path, headers);
          histogram.record(Math.max(1, Math.round((performance.now() - sent) * 1000)));
        }
      }),
    );
    const seconds = (performance.now() - begin) / 1000;
    return {
      p50: histogram.percentile(50),
      p99: histogram.percentile(99),
      throughput: histogram.count / seconds,
    };
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

function get(client: Dispatcher, path: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.dispatch(
    { method: "GET", path, headers },
    {
      onRequestStart() {},
      onResponseStart(_, status) {
        if (status !== 200) reject(new Error(`GET ${path}: HTTP ${status}`));
      },
      onResponseData() {},
      onResponseEnd: () => resolve(),
      onResponseError: (_, error) => reject(error),
    },
  );
  return promise;
}
