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
}

/** A server of plain HTTP for probes and Prometheus. */
export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Serves `/livez` (the process answers), `/readyz` (503 while it waits for something) and `/metrics`.
 *
 * @throws where the port is taken.
 */
export async function serveHealth({ port, registry, waitsFor }: HealthOptions): Promise<HealthServer> {
  async function answer(path: string, response: ServerResponse): Promise<void> {
    switch (path) {
      case "/livez":
        response.end("ok\n");
        return;
      case "/readyz": {
        const awaited = await waitsFor();
        response.statusCode = awaited === undefined ? 200 : 503;
        response.end(awaited === undefined ? "ok\n" : `waiting for ${awaited}\n`);
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
