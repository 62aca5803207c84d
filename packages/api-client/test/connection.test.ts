import { once } from "node:events";
import { createServer, type Server, type ServerOptions } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Credentials, ReadOptions, TlsCredentials } from "@metadata-mirror/auth";
import { type Authority, createAuthority } from "@metadata-mirror/control-plane";
import { beforeAll, expect, test } from "vitest";
import { connect } from "../src/client.ts";
import { createConnection } from "../src/connection.ts";
import { eventually } from "./eventually.ts";
import { anonymous } from "./scripted-server.ts";

let first: Authority;
let second: Authority;
beforeAll(async () => {
  [first, second] = [await createAuthority("first"), await createAuthority("second")];
});

/** A server of HTTPS whose answer to /held begins, and ends when it is told to. */
async function tlsServer(options: ServerOptions = {}) {
  const clients: string[] = [];
  const sockets = new Set<Socket>();
  const mute = new Set<Socket>();
  let letGo = (): void => {};
  const server: Server = createServer({ ...(await first.issue()), ...options }, (request, response) => {
    sockets.add(request.socket);
    if (mute.has(request.socket)) return;
    clients.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN));
    if (request.url === "/large") response.setHeader("x-large", "x".repeat(20_000));
    if (request.url === "/never") return;
    if (request.url !== "/held") return void response.end("{}");
    response.write("{");
    letGo = () => void response.end("}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://127.0.0.1:${port}`,
    server,
    clients,
    letGo: () => letGo(),
    /** Nothing is answered any more on the connections that there are. */
    silence() {
      for (const socket of sockets) mute.add(socket);
    },
    /** All that a request ever came on. */
    sockets,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Credentials whose TLS part is the first one, and the last once a fresh one was asked for. */
function rotating(origin: string, ...parts: Partial<TlsCredentials>[]): Credentials {
  const all = parts.map((part) => ({ insecureSkipTLSVerify: false, ...part }));
  let current = all[0];
  const tls = ({ fresh = false }: ReadOptions = {}): Promise<TlsCredentials> => {
    if (fresh) current = all.at(-1);
    return Promise.resolve(current ?? { insecureSkipTLSVerify: false });
  };
  return { ...anonymous(origin), tls };
}

test("there is one pool until what to connect with has changed, and what the old one has under way is finished", async () => {
  await using server = await tlsServer();
  await using connection = createConnection(rotating(server.origin, { ca: first.ca }, { ca: second.ca + first.ca }));
  const pool = await connection.pool();
  expect(await connection.pool()).toBe(pool);
  const { body } = await pool.request({ path: "/held", method: "GET" });
  const renewed = await connection.pool({ fresh: true });
  expect(renewed).not.toBe(pool);
  expect(await connection.pool()).toBe(renewed);
  expect((await renewed.request({ path: "/", method: "GET" })).statusCode).toBe(200);
  server.letGo();
  expect(await body.text()).toBe("{}");
  await eventually(() => pool).toMatchObject({ destroyed: true });
});

test("disposing cuts off what the old pool and the new one have under way, and there is none afterwards", async () => {
  await using server = await tlsServer();
  const connection = createConnection(rotating(server.origin, { ca: first.ca }, { ca: second.ca + first.ca }));
  const held = { path: "/held", method: "GET" } as const;
  const bodies = [
    await (await connection.pool()).request(held),
    await (await connection.pool({ fresh: true })).request(held),
  ];
  const cut = Promise.all(bodies.map(({ body }) => expect(body.text()).rejects.toThrow()));
  await connection[Symbol.asyncDispose]();
  await cut;
  await expect(connection.pool()).rejects.toThrow("The client is destroyed");
});

test("a client that does not trust the server reads anew whom to trust, once, and tries again", async () => {
  await using server = await tlsServer();
  await using client = connect(rotating(server.origin, { ca: second.ca }, { ca: first.ca }));
  expect(await client.request({ path: "/" })).toEqual({});
  await using stubborn = connect(rotating(server.origin, { ca: second.ca }));
  await expect(stubborn.request({ path: "/" })).rejects.toThrow(
    "[unavailable] GET /: the server's certificate is not signed",
  );
  await using careless = connect(rotating(server.origin, { ca: second.ca, insecureSkipTLSVerify: true }));
  expect(await careless.request({ path: "/" })).toEqual({});
});

test("a client shows its certificate, and asks for the name that it was told", async () => {
  const { key, cert } = await second.issue();
  const names: string[] = [];
  await using server = await tlsServer({ requestCert: true, rejectUnauthorized: true, ca: second.ca });
  server.server.on("secureConnection", (socket: TLSSocket) => names.push(String(socket.servername)));
  const serverName = "localhost";
  await using client = connect(rotating(server.origin, { ca: first.ca, cert, key, serverName }));
  await client.request({ path: "/" });
  expect([server.clients, names]).toEqual([["server"], ["localhost"]]);
});

test("what can't be read is told with what it was for", async () => {
  const tls = () => Promise.reject(new Error("cannot read the authority file /ca.crt"));
  await using client = connect({ ...anonymous("https://127.0.0.1:1"), tls });
  await expect(client.request({ path: "/x" })).rejects.toThrow(
    "[unknown] GET /x: cannot read the authority file /ca.crt",
  );
});

test("headers may be as large as it was told, and 16 KiB otherwise", async () => {
  await using server = await tlsServer();
  const large = { path: "/large", method: "GET" } as const;
  const credentials = rotating(server.origin, { ca: first.ca });
  await using usual = createConnection(credentials);
  await expect((await usual.pool()).request(large)).rejects.toMatchObject({ code: "UND_ERR_HEADERS_OVERFLOW" });
  await using generous = createConnection(credentials, { maxHeaderBytes: 64 * 1024 });
  expect((await (await generous.pool()).request(large)).statusCode).toBe(200);
});

test("who has met silence on a connection that was kept does not meet it on the others that were", async () => {
  await using server = await tlsServer();
  server.server.keepAliveTimeout = 75_000;
  await using connection = createConnection(rotating(server.origin, { ca: first.ca }), { answerTimeoutMs: 1_500 });
  const pool = await connection.pool();
  const ask = async () => {
    const { statusCode, body } = await pool.request({ path: "/", method: "GET" });
    await body.dump();
    return statusCode;
  };
  const askAtOnce = () => Promise.all([ask(), ask(), ask(), ask()]);
  await askAtOnce();
  expect(server.sockets.size).toBe(4);
  server.silence();
  await expect(ask()).rejects.toMatchObject({ code: "UND_ERR_HEADERS_TIMEOUT" });
  expect(await askAtOnce()).toEqual([200, 200, 200, 200]);
});

test("neither an answer nor a connection may take longer than it was told", async () => {
  await using server = await tlsServer();
  await using connection = createConnection(rotating(server.origin, { ca: first.ca }), { answerTimeoutMs: 200 });
  const pool = await connection.pool();
  const never = { path: "/never", method: "GET" } as const;
  await expect(pool.request(never)).rejects.toMatchObject({ code: "UND_ERR_HEADERS_TIMEOUT" });
  // one that takes the connection, and does not answer to TLS
  const silent = createTcpServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const credentials = rotating(`https://127.0.0.1:${port}`, { ca: first.ca });
  await using nowhere = createConnection(credentials, { answerTimeoutMs: 200 });
  const begin = performance.now();
  await expect((await nowhere.pool()).request({ path: "/", method: "GET" })).rejects.toMatchObject({
    code: "UND_ERR_CONNECT_TIMEOUT",
  });
  expect(performance.now() - begin).toBeLessThan(8_000);
  silent.close();
});
