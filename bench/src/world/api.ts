import type { Access } from "@metadata-mirror/control-plane";
import { Pool } from "undici";

/** A request to the API server. */
interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the server's root, with its query. */
  readonly path: string;
  readonly body?: string;
  /** Default `application/json`. */
  readonly contentType?: string;
}

/** The harness's own way to the API server: kept-alive connections, one request at a time on each, and little work for each. */
export interface Api extends AsyncDisposable {
  /** The body of the answer. Throws where the status is not 2xx, with what the server said. */
  send(call: Call): Promise<string>;
}

/** As many requests as are under way at once. */
export const connections = 24;

/** Opens one. */
export function openApi({ server, ca, token }: Access): Api {
  const pool = new Pool(server, {
    connections,
    pipelining: 1,
    connect: { ca },
    bodyTimeout: 0,
    headersTimeout: 120_000,
  });
  const authorization = `Bearer ${token}`;
  return {
    async send({ method, path, body, contentType = "application/json" }) {
      const headers = body === undefined ? { authorization } : { authorization, "content-type": contentType };
      const answer = await pool.request({ method, path, headers, ...(body !== undefined && { body }) });
      const text = await answer.body.text();
      if (answer.statusCode < 300) return text;
      throw new Error(`${method} ${path}: HTTP ${answer.statusCode}: ${text.slice(0, 500)}`);
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}

/** Does all of it, as many at once as the connections take. The first failure is thrown, after those under way. */
export async function each<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) await work(item, index);
  };
  await Promise.all(Array.from({ length: connections }, worker));
}
