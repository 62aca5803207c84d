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

/** What a load met with. */
export interface LoadResult {
  /** Latencies in microseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Requests a second. */
  readonly throughput: number;
}

/** Connections to a target, that are kept alive, to put it under load time and again. */
export interface Load extends AsyncDisposable {
  /** Sends GETs for so many milliseconds, one at a time on each connection: as fast as they are answered, as applications do. */
  run(durationMs: number): Promise<void>;
  /** What all runs since the last call met with. */
  take(): LoadResult;
}

/** Opens the connections, and sends a request on each. An answer other than 200 is an error, since what is refused is fast. */
export async function openLoad({ origin, path, headers = {}, ca }: Target, connections: number): Promise<Load> {
  const connect = ca === undefined ? {} : { ca };
  const clients = Array.from({ length: connections }, () => new Client(origin, { connect, pipelining: 1 }));
  const close = () => Promise.all(clients.map((client) => client.destroy()));
  let histogram = createHistogram();
  let busyMs = 0;
  await Promise.all(clients.map((client) => get(client, path, headers))).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    async run(durationMs) {
      const begin = performance.now();
      const work = async (client: Client): Promise<void> => {
        while (performance.now() - begin < durationMs) {
          const sent = performance.now();
          await get(client, path, headers);
          histogram.record(Math.max(1, Math.round((performance.now() - sent) * 1000)));
        }
      };
      await Promise.all(clients.map(work));
      busyMs += performance.now() - begin;
    },
    take() {
      const throughput = (histogram.count / busyMs) * 1000;
      const result = { p50: histogram.percentile(50), p99: histogram.percentile(99), throughput };
      histogram = createHistogram();
      busyMs = 0;
      return result;
    },
    [Symbol.asyncDispose]: async () => void (await close()),
  };
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
