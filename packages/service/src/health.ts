import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

export interface HealthOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly registry: Registry;
  /** What it still waits for, as in `the first lists`; undefined once it is ready. Called for each question. */
  readonly waitsFor: () => string | undefined | Promise<string | undefined>;
  /** What is stuck, so that the process is to be restarted: a sentence; undefined while nothing is, and always by default. Called for each question. */
  readonly stalled?: () => string | undefined;
}

/** A server of plain HTTP for probes and Prometheus. */
export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Serves `/livez` (503 while something is stuck), `/readyz` (503 while it waits for something) and `/metrics`.
 *
 * @throws where the port is taken.
 */
export async function serveHealth({ port, registry, waitsFor, stalled }: HealthOptions): Promise<HealthServer> {
  /** Answers `ok`, or 503 and what stands against it. */
  function tell(response: ServerResponse, matter: string | undefined): void {
    response.statusCode = matter === undefined ? 200 : 503;
    response.end(`${matter ?? "ok"}\n`);
  }

  async function answer(path: string, response: ServerResponse): Promise<void> {
    switch (path) {
      case "/livez":
        tell(response, stalled?.());
        return;
      case "/readyz": {
        const awaited = await waitsFor();
        tell(response, awaited && `waiting for ${awaited}`);
        return;
      }
      case "/metrics":
        response.setHeader("content-type", registry.contentType);
        response.end(await registry.metrics());
        return;
      default:
        response.statusCode = 404;
        response.end("not found: there are /livez, /readyz and /metrics\n");
    }
  }

  const server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    answer(path, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(port);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
