import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { rawHttp } from "./raw-http.ts";
import { startAmbassador, type TestAmbassador } from "./rig.ts";
import { startUpstream } from "./upstream-server.ts";

const watch = "/api/v1/pods?watch=true";
const mebibyte = 1024 * 1024;

/** A request through an ambassador, for who writes and reads it bit by bit. */
function send({ port }: TestAmbassador, path: string, method = "GET"): ClientRequest {
  return httpRequest({ host: "127.0.0.1", port, path, method, agent: false }).on("error", () => undefined);
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  return answer.on("error", () => undefined);
}

async function nextOf(message: IncomingMessage): Promise<string> {
  const [chunk] = (await once(message, "data")) as [Buffer];
  return chunk.toString();
}

test("a watch's head and each of its events come as they are sent, while it goes on", async () => {
  const { promise: open, resolve } = Promise.withResolvers<ServerResponse>();
  await using upstream = await startUpstream((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    resolve(response);
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  const request = send(ambassador, watch);
  request.end();
  const answer = await answerTo(request);
  const server = await open;
  for (const event of ["first\n", "second\n", "third\n"]) {
    const seen = nextOf(answer);
    server.write(event);
    expect(await seen).toBe(event);
  }
  server.end();
  answer.resume();
  await once(answer, "end");
});

test("a body goes on as it comes, while it goes on", async () => {
  const { promise: open, resolve } = Promise.withResolvers<IncomingMessage>();
  await using upstream = await startUpstream((incoming) => resolve(incoming));
  await using ambassador = await startAmbassador(upstream.credentials(), "--read-only=false");
  const request = send(ambassador, "/api", "POST");
  request.write("first");
  const incoming = await open;
  expect(await nextOf(incoming)).toBe("first");
  const seen = nextOf(incoming);
  request.write("second");
  expect(await seen).toBe("second");
  request.destroy();
});

/** Writes as fast as the other side takes it, for ever; tells how many bytes it took. */
function flood(stream: {
  write(chunk: Buffer): boolean;
  once(event: "drain", then: () => void): unknown;
}): () => number {
  const chunk = Buffer.alloc(64 * 1024);
  let bytes = 0;
  const go = (): void => {
    do bytes += chunk.length;
    while (bytes < 512 * mebibyte && stream.write(chunk));
    stream.once("drain", go);
  };
  go();
  return () => bytes;
}

/** Waits until it has been the same for a while. */
async function settled(read: () => number): Promise<number> {
  let last = -1;
  await expect
    .poll(
      () => {
        const same = read() === last;
        last = read();
        return same;
      },
      { interval: 300, timeout: 20_000 },
    )
    .toBe(true);
  return last;
}

test("a client that does not read holds the server up, and only what fits the sockets is kept", async () => {
  let taken = () => 0;
  let closed = false;
  await using upstream = await startUpstream((_, response) => {
    response.once("close", () => (closed = true));
    taken = flood(response);
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  const request = send(ambassador, watch);
  request.end();
  const answer = await answerTo(request);
  expect(await settled(() => taken())).toBeLessThan(32 * mebibyte);
  const before = taken();
  answer.resume();
  await expect.poll(() => taken(), { timeout: 10_000 }).toBeGreaterThan(before + 32 * mebibyte);
  answer.destroy();
  await expect.poll(() => closed, { timeout: 10_000 }).toBe(true);
});

test("a server that does not read holds the client up", async () => {
  let reading: IncomingMessage | undefined;
  await using upstream = await startUpstream((incoming) => (reading = incoming));
  await using ambassador = await startAmbassador(upstream.credentials(), "--read-only=false");
  const request = send(ambassador, "/api", "POST");
  const taken = flood(request);
  expect(await settled(taken)).toBeLessThan(32 * mebibyte);
  const before = taken();
  reading?.resume();
  await expect.poll(taken, { timeout: 10_000 }).toBeGreaterThan(before + 32 * mebibyte);
  request.destroy();
});

test("a client that leaves ends the watch at the server", async () => {
  let open = 0;
  await using upstream = await startUpstream((_, response) => {
    open += 1;
    response.once("close", () => (open -= 1));
    response.write("first");
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  const requests = Array.from({ length: 20 }, () => send(ambassador, watch));
  await Promise.all(requests.map(async (request) => nextOf(await answerTo(request.end()))));
  expect(open).toBe(20);
  for (const request of requests) request.destroy();
  await expect.poll(() => open).toBe(0);
  await expect.poll(upstream.connections).toBe(0);
});

test("a watch may be silent, what is no watch may not", async () => {
  await using upstream = await startUpstream((_, response) => void response.write("first"));
  await using ambassador = await startAmbassador(upstream.credentials(), "--answer-timeout=200");
  const silent = await answerTo(send(ambassador, watch).end());
  await nextOf(silent);
  let ended = false;
  silent.once("close", () => (ended = true));
  // what is no watch has long been given up by then
  const list = await answerTo(send(ambassador, "/api/v1/pods").end());
  await new Promise((resolve) => list.resume().once("close", resolve));
  expect(ended).toBe(false);
  silent.destroy();
});

test("requests one after the other share connections", async () => {
  const ports = new Set<number | undefined>();
  await using upstream = await startUpstream(({ socket }, response) => {
    ports.add(socket.remotePort);
    response.end("{}");
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  for (let count = 0; count < 20; count++) {
    const answer = await answerTo(send(ambassador, "/api").end());
    answer.resume();
    await once(answer, "end");
  }
  // undici takes a second one when it is asked again before it has put the first one back
  expect(ports.size).toBeLessThanOrEqual(2);
});

test("what a server says before its answer is not taken for that", async () => {
  await using upstream = await startUpstream((_, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    response.end("the answer");
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  const answer = await answerTo(send(ambassador, "/api").end());
  expect([answer.statusCode, answer.headers["link"], await nextOf(answer)]).toEqual([200, undefined, "the answer"]);
});

test("a server's words for a status are its own affair", async () => {
  await using upstream = await startUpstream((_, response) => {
    response.socket?.end("HTTP/1.1 200 \xdcber\x01 Fine\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", "latin1");
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  const [answer] = await rawHttp(ambassador.port, "GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(answer).toMatchObject({ status: 200, body: "ok" });
});

test("what a server says behind its answer comes, too", async () => {
  await using upstream = await startUpstream((_, response) => {
    response.writeHead(200, { trailer: "x-sum" }).write("body");
    response.addTrailers({ "x-sum": "1" });
    response.end();
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  const [answer] = await rawHttp(ambassador.port, "GET /api HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\n\r\n");
  expect(answer).toMatchObject({ body: "body", trailers: ["x-sum: 1"] });
});

test("an answer that comes before its request is all there ends the connection, and not the ambassador", async () => {
  await using upstream = await startUpstream((_, response) => void response.writeHead(413).end("too large"));
  await using ambassador = await startAmbassador(upstream.credentials(), "--read-only=false");
  const half = "POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf";
  expect(await rawHttp(ambassador.port, half)).toMatchObject([{ status: 413, body: "too large", closed: true }]);
  expect((await answerTo(send(ambassador, "/api").end())).statusCode).toBe(413);
});
