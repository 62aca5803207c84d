import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Credentials, TlsCredentials } from "@metadata-mirror/auth";
import { createAuthority } from "@metadata-mirror/control-plane";

/** A server of HTTPS in the API server's place, which plays a part. */
export interface UpstreamServer extends AsyncDisposable {
  readonly server: string;
  readonly ca: string;
  /** For an ambassador that is to trust it, with the token `secret`; what is given replaces that. */
  readonly credentials: (replace?: Partial<Credentials>) => Credentials;
  /** The connections that are open now. */
  readonly connections: () => number;
  /** Goes on with a certificate of another authority, and cuts all connections; answers whom to trust now. */
  readonly changeAuthority: () => Promise<TlsCredentials>;
}

/**
 * One that answers each request by `answer`; but a GET of /version, which is how an ambassador makes contact, with 200. What asks for another
 * protocol goes to `upgrade`, if there is one.
 */
export async function startUpstream(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<UpstreamServer> {
  const authority = await createAuthority("the first authority");
  const server = createServer({ ...(await authority.issue()), keepAliveTimeout: 0 }, (request, response) => {
    if (request.url === "/version") response.end("{}");
    else void answer(request, response);
  });
  if (upgrade) server.on("upgrade", upgrade);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = `https://127.0.0.1:${port}`;
  const tls = { ca: authority.ca, insecureSkipTLSVerify: false };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    server: origin,
    ca: authority.ca,
    credentials: (replace) => ({
      server: origin,
      namespace: "default",
      source: "test",
      warnings: [],
      tls: () => Promise.resolve(tls),
      token: () => Promise.resolve("secret"),
      ...replace,
    }),
    connections: () => sockets.size,
    async changeAuthority() {
      const next = await createAuthority("the second authority");
      server.setSecureContext(await next.issue());
      cut();
      return { ca: next.ca, insecureSkipTLSVerify: false };
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
