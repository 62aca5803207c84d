import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import type { Login } from "@metadata-mirror/control-plane";

/** The way to the API server. Disposing closes its connections. */
export interface Forwarding extends Disposable {
  /** Sends the request on as it comes, and answers when the answer begins: undefined where none came. Cut off when the client is gone. */
  send(message: IncomingMessage, response: ServerResponse): Promise<IncomingMessage | undefined>;
}

/** A pool of kept-alive connections to the API server of `upstream`, whose token is left to the client. */
export function createForwarding({ server, ca }: Login): Forwarding {
  const { hostname, port } = new URL(server);
  const agent = new Agent({ keepAlive: true, ca });
  return {
    async send(message, response) {
      const { method, url: path, headers } = message;
      const { host: _, connection: __, ...forwarded } = headers;
      const upstream = request({ agent, hostname, port, method, path, headers: forwarded });
      response.once("close", () => upstream.destroy());
      message.pipe(upstream);
      try {
        const [answer] = (await once(upstream, "response")) as [IncomingMessage];
        // what is wrong with it is told to who reads it
        upstream.on("error", () => undefined);
        return answer;
      } catch {
        return undefined;
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}
