import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { rawHttp } from "./raw-http.ts";
import { startAmbassador, type TestAmbassador } from "./rig.ts";
import { startUpstream } from "./upstream-server.ts";

const head =
  "POST /api/v1/namespaces/a/pods/b/portforward?ports=80 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n";
const switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n";

/** A server that switches protocols, and then does with the socket what it is told. */
async function switchingServer(serve: (socket: Duplex) => void) {
  const requests: IncomingMessage[] = [];
  const upstream = await startUpstream(
    (_, response) => response.end(),
    (request, socket, early) => {
      requests.push(request);
      socket.on("error", () => undefined);
      socket.write(switching);
      if (early.length > 0) socket.unshift(early);
      serve(socket);
    },
  );
  return { upstream, requests, [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose]() };
}

/** A client of a tunnel, and all that has come to it. */
function openTunnel({ port }: TestAmbassador, early = ""): { readonly socket: Socket; readonly seen: () => string } {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
  socket.write(head + early);
  return { socket, seen: () => text };
}

function echo(socket: Duplex): void {
  socket.on("data", (chunk: Buffer) => socket.write(chunk));
}

test("what either side sends goes to the other as it is, also what comes with the request", async () => {
  await using server = await switchingServer(echo);
  await using ambassador = await startAmbassador(server.upstream.credentials(), "--read-only=false");
  const { socket, seen } = openTunnel(ambassador, "early\0");
  await expect.poll(seen, { timeout: 10_000 }).toBe(`${switching}early\0`);
  socket.write("\xff late", "latin1");
  await expect.poll(seen, { timeout: 10_000 }).toBe(`${switching}early\0\xff late`);
  expect(
    server.requests.map(({ method, url, headers }) => [method, url, headers.authorization, headers.upgrade]),
  ).toEqual([["POST", "/api/v1/namespaces/a/pods/b/portforward?ports=80", "Bearer secret", "SPDY/3.1"]]);
  expect(server.requests[0]?.headers["x-forwarded-for"]).toBe("127.0.0.1");
  socket.destroy();
});

test("a side that leaves takes the other one with it, whichever it is, and however", async () => {
  const open: Duplex[] = [];
  await using server = await switchingServer((socket) => void open.push(socket));
  await using ambassador = await startAmbassador(server.upstream.credentials(), "--read-only=false");
  for (const leave of [
    ({ client }: { client: Socket }) => client.destroy(),
    ({ client }: { client: Socket }) => client.resetAndDestroy(),
    ({ server: other }: { server: Duplex }) => other.destroy(),
    ({ server: other }: { server: Duplex }) => other.end("last words"),
  ]) {
    const { socket, seen } = openTunnel(ambassador);
    await expect.poll(seen, { timeout: 10_000 }).toBe(switching);
    const other = open.at(-1) ?? expect.fail("no tunnel at the server");
    const closed = Promise.all([once(socket, "close"), once(other, "close")]);
    leave({ client: socket, server: other });
    await closed;
  }
  await expect.poll(() => ambassador.log.filter(({ level }) => Number(level) > 30)).toEqual([]);
});

test("a client that does not read holds the server up", async () => {
  let taken = 0;
  const chunk = Buffer.alloc(64 * 1024);
  await using server = await switchingServer((socket) => {
    const go = (): void => {
      do taken += chunk.length;
      while (socket.write(chunk));
      socket.once("drain", go);
    };
    go();
  });
  await using ambassador = await startAmbassador(server.upstream.credentials(), "--read-only=false");
  const { socket, seen } = openTunnel(ambassador);
  await expect.poll(seen, { timeout: 10_000 }).toContain(switching);
  socket.pause();
  let last = -1;
  const settled = () => {
    const same = taken === last;
    last = taken;
    return same;
  };
  await expect.poll(settled, { interval: 300, timeout: 20_000 }).toBe(true);
  expect(taken).toBeLessThan(64 * 1024 * 1024);
  socket.destroy();
});

test("a tunnel that is open when it stops has the time of the others, and is cut then", async () => {
  await using server = await switchingServer(echo);
  await using ambassador = await startAmbassador(
    server.upstream.credentials(),
    "--read-only=false",
    "--drain-timeout=300",
  );
  const { socket, seen } = openTunnel(ambassador);
  await expect.poll(seen, { timeout: 10_000 }).toBe(switching);
  const closed = once(socket, "close");
  const stopped = ambassador.stop();
  socket.write("still there");
  await expect.poll(seen, { timeout: 10_000 }).toContain("still there");
  await stopped;
  await closed;
});

test("a tunnel may be silent for longer than an answer may take to come", async () => {
  await using server = await switchingServer(echo);
  await using ambassador = await startAmbassador(
    server.upstream.credentials(),
    "--read-only=false",
    "--answer-timeout=100",
  );
  const { socket, seen } = openTunnel(ambassador);
  await expect.poll(seen, { timeout: 10_000 }).toBe(switching);
  const begin = performance.now();
  await expect.poll(() => performance.now() - begin, { timeout: 10_000 }).toBeGreaterThan(500);
  socket.write("still there");
  await expect.poll(seen, { timeout: 10_000 }).toContain("still there");
  socket.destroy();
});

test("a client that leaves before there is a tunnel ends the request for it", async () => {
  let asked = 0;
  await using silent = await startUpstream(
    () => undefined,
    (_, socket) => {
      asked += 1;
      socket.resume().once("end", () => socket.end());
    },
  );
  await using ambassador = await startAmbassador(silent.credentials(), "--read-only=false");
  await expect.poll(silent.connections).toBe(1);
  const { socket } = openTunnel(ambassador);
  await expect.poll(() => asked).toBe(1);
  socket.destroy();
  // the one that is left is that of the first contact, kept alive
  await expect.poll(silent.connections, { timeout: 10_000 }).toBe(1);
});

test.each(["content-length", "chunks"])(
  "an answer instead of a tunnel, by %s, comes whole or is cut off",
  async (kind) => {
    let cut = false;
    await using server = await startUpstream(
      () => undefined,
      (_, socket) => {
        const body = kind === "chunks" ? "5\r\nsorry\r\n" : "sorry";
        const framing = kind === "chunks" ? "Transfer-Encoding: chunked" : "Content-Length: 5";
        const end = kind === "chunks" ? "0\r\n\r\n" : "";
        const text = `HTTP/1.1 403 Forbidden\r\n${framing}\r\n\r\n${body}${end}`;
        socket.write(text.slice(0, cut ? text.length - end.length - 4 : undefined));
        if (cut) socket.destroy();
        else socket.end();
      },
    );
    await using ambassador = await startAmbassador(server.credentials(), "--read-only=false");
    expect(await rawHttp(ambassador.port, head)).toMatchObject([{ status: 403, body: "sorry", closed: true }]);
    cut = true;
    await expect(rawHttp(ambassador.port, head)).rejects.toThrow(/the connection ended/);
  },
);

test("a token that is refused a tunnel is read anew for the next one", async () => {
  await using server = await startUpstream(
    () => undefined,
    ({ headers }, socket) => {
      socket.on("error", () => undefined);
      if (headers.authorization === "Bearer new") socket.write(switching);
      else socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    },
  );
  let token = "old";
  const credentials = server.credentials({
    token({ fresh = false } = {}) {
      if (fresh) token = "new";
      return Promise.resolve(token);
    },
  });
  await using ambassador = await startAmbassador(credentials, "--read-only=false");
  expect(await rawHttp(ambassador.port, head)).toMatchObject([{ status: 401 }]);
  const { socket, seen } = openTunnel(ambassador);
  await expect.poll(seen, { timeout: 10_000 }).toBe(switching);
  socket.destroy();
});

test("tunnels are counted by the status that they got", async () => {
  await using server = await switchingServer(echo);
  await using ambassador = await startAmbassador(server.upstream.credentials(), "--read-only=false");
  const { socket, seen } = openTunnel(ambassador);
  await expect.poll(seen, { timeout: 10_000 }).toBe(switching);
  const metrics = async () => (await fetch(`http://127.0.0.1:${ambassador.healthPort}/metrics`)).text();
  await expect.poll(metrics).toContain('requests_total{method="POST",code="101"} 1\n');
  expect(await metrics()).toContain("metadata_mirror_ambassador_requests_in_flight 1\n");
  socket.destroy();
  await expect.poll(metrics).toContain("metadata_mirror_ambassador_requests_in_flight 0\n");
});

test("a server that is not there, or stays silent, is told to the client before there is a tunnel", async () => {
  const gone = await startUpstream(() => undefined);
  await using ambassador = await startAmbassador(gone.credentials(), "--read-only=false");
  await gone[Symbol.asyncDispose]();
  const refused = openTunnel(ambassador);
  await expect.poll(refused.seen).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n.*nothing listens there/s);

  expect(JSON.stringify(ambassador.log)).toContain(
    "POST /api/v1/namespaces/a/pods/b/portforward: nothing listens there",
  );

  await using silent = await startUpstream(
    () => undefined,
    () => undefined,
  );
  await using patient = await startAmbassador(silent.credentials(), "--read-only=false", "--answer-timeout=200");
  const unanswered = openTunnel(patient);
  await expect.poll(unanswered.seen).toMatch(/^HTTP\/1\.1 504 Gateway Timeout\r\n.*did not answer in time/s);
});
