import { once } from "node:events";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { rawHttp } from "./raw-http.ts";
import { startAmbassador, type TestAmbassador } from "./rig.ts";
import { startUpstream } from "./upstream-server.ts";

const request = (line: string, more = ""): string => `${line} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const getApi = request("GET /api?token=in-the-query");

/** What an ambassador answers, as status and message; of half an answer, that it was cut. */
async function ask({ port }: TestAmbassador, text = getApi): Promise<readonly [number, string]> {
  const [answer] = await rawHttp(port, text);
  if (answer === undefined) return [0, "no answer"];
  const { message } = JSON.parse(answer.body) as { message: string };
  return [answer.status, message];
}

/** Neither a token nor a query, a header or a body may be told. */
function expectDiscreet({ log }: TestAmbassador): void {
  expect(log.length).toBeGreaterThan(0);
  expect(JSON.stringify(log)).not.toMatch(/secret|in-the-/);
}

/** A TCP server on loopback that does with each connection what it is told. */
async function tcpServer(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

test("a server that isn't there is a 502 that says where to look", async () => {
  const upstream = await startUpstream(() => undefined);
  await upstream[Symbol.asyncDispose]();
  await using ambassador = await startAmbassador(upstream.credentials());
  const [status, message] = await ask(ambassador);
  expect(status).toBe(502);
  expect(message).toMatch(/^ambassador: GET \/api: nothing listens there: is the API server up/);
  expectDiscreet(ambassador);
});

test("a server that takes the connection and says nothing is a 504", async () => {
  await using silent = await tcpServer(() => undefined);
  await using upstream = await startUpstream(() => undefined);
  const server = `https://127.0.0.1:${silent.port}`;
  await using ambassador = await startAmbassador(upstream.credentials({ server }), "--answer-timeout=300");
  expect(await ask(ambassador)).toEqual([504, expect.stringContaining("the server did not answer in time")]);
});

test("a server that does not answer a request is a 504, and the next request is answered", async () => {
  let asked = 0;
  await using upstream = await startUpstream((_, response) => {
    asked += 1;
    if (asked > 1) response.end('{"message":"ok"}');
  });
  await using ambassador = await startAmbassador(upstream.credentials(), "--answer-timeout=300");
  expect(await ask(ambassador)).toEqual([504, expect.stringContaining("the server did not answer in time")]);
  expect(await ask(ambassador)).toEqual([200, "ok"]);
  expectDiscreet(ambassador);
});

test.each(["content-length", "chunks"])(
  "an answer that goes silent half-way, by %s, is cut off to the client",
  async (kind) => {
    await using upstream = await startUpstream((_, response) => {
      response.writeHead(200, kind === "chunks" ? {} : { "content-length": "100" });
      response.write("half");
    });
    await using ambassador = await startAmbassador(upstream.credentials(), "--answer-timeout=300");
    await expect(rawHttp(ambassador.port, getApi)).rejects.toThrow(/the connection ended/);
    expect(JSON.stringify(ambassador.log)).toContain("the server went silent in the middle of its answer");
  },
);

test.each(["content-length", "chunks"])(
  "an answer that is cut half-way, by %s, is cut off to the client",
  async (kind) => {
    await using upstream = await startUpstream((_, response) => {
      response.writeHead(200, kind === "chunks" ? {} : { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    await using ambassador = await startAmbassador(upstream.credentials());
    await expect(rawHttp(ambassador.port, getApi)).rejects.toThrow(/the connection ended/);
    expect(JSON.stringify(ambassador.log)).toContain("the connection was cut");
  },
);

test("a GET is tried once more when the connection is gone, a POST is not", async () => {
  const asked: string[] = [];
  await using upstream = await startUpstream(({ method = "" }, response) => {
    asked.push(method);
    if (asked.length === 2) response.end('{"message":"ok"}');
    else response.destroy();
  });
  await using ambassador = await startAmbassador(upstream.credentials(), "--read-only=false");
  expect(await ask(ambassador)).toEqual([200, "ok"]);
  expect(await ask(ambassador)).toEqual([502, expect.stringContaining("the connection was cut")]);
  expect(await ask(ambassador, request("POST /api", "Content-Length: 0\r\n"))).toEqual([
    502,
    expect.stringContaining("POST /api: the connection was cut"),
  ]);
  expect(asked).toEqual(["GET", "GET", "GET", "GET", "POST"]);
});

test("a GET with a body is not tried once more: the body is gone", async () => {
  let asked = 0;
  await using upstream = await startUpstream((_, response) => {
    asked += 1;
    response.destroy();
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  expect((await ask(ambassador, `${request("GET /api", "Content-Length: 4\r\n")}body`))[0]).toBe(502);
  expect(asked).toBe(1);
});

test("who sends a body to a server that isn't there is answered, and then left, whether it was all there or not", async () => {
  const upstream = await startUpstream(() => undefined);
  await upstream[Symbol.asyncDispose]();
  await using ambassador = await startAmbassador(upstream.credentials(), "--read-only=false");
  for (const [sent, closed] of [
    ["body", false],
    ["half", true],
  ] as const) {
    const length = closed ? 8 : 4;
    const text = request("POST /api", `Content-Length: ${length}\r\n`) + sent;
    const [answer] = await rawHttp(ambassador.port, text);
    expect(answer).toMatchObject({ status: 502, closed });
  }
});

test("an error that is no JSON comes as it is", async () => {
  await using upstream = await startUpstream((_, response) => {
    response.writeHead(503, { "content-type": "text/html", "retry-after": "7" }).end("<h1>Sorry</h1>");
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  const [answer] = await rawHttp(ambassador.port, getApi);
  expect(answer).toMatchObject({
    status: 503,
    headers: { "content-type": "text/html", "retry-after": "7" },
    body: "<h1>Sorry</h1>",
  });
});

test("100 kB of headers come through, too many are a 502", async () => {
  await using upstream = await startUpstream(({ url }, response) => {
    response.writeHead(200, { "x-big": "x".repeat(url === "/api/small" ? 100_000 : 1_100_000) }).end();
  });
  await using ambassador = await startAmbassador(upstream.credentials());
  const [answer] = await rawHttp(ambassador.port, request("GET /api/small"));
  expect(answer?.headers["x-big"]).toHaveLength(100_000);
  expect(await ask(ambassador)).toEqual([502, expect.stringContaining("too large headers")]);
});

test("a server that speaks no TLS, or no HTTP, is a 502 that says so", async () => {
  await using plain = await tcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await using other = await tcpServer((socket) => socket.end("220 smtp.example.com\r\n"));
  await using upstream = await startUpstream(() => undefined);
  const through = async (server: string) => {
    await using ambassador = await startAmbassador(upstream.credentials({ server }));
    return await ask(ambassador);
  };
  expect(await through(`https://127.0.0.1:${plain.port}`)).toEqual([502, expect.stringContaining("speaks TLS")]);
  expect(await through(`http://127.0.0.1:${other.port}`)).toEqual([
    502,
    expect.stringContaining("does not speak HTTP"),
  ]);
});

test("a server that is not the one we trust gets neither the request nor the token", async () => {
  const asked: string[] = [];
  await using other = await startUpstream(({ url = "" }, response) => {
    asked.push(url);
    response.end("{}");
  });
  await using upstream = await startUpstream(() => undefined);
  await using ambassador = await startAmbassador(upstream.credentials({ server: other.server }));
  expect(await ask(ambassador)).toEqual([502, expect.stringContaining("not signed by the authority we trust")]);
  const tunnel = request("GET /api/v1/namespaces/a/pods/b/portforward", "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n");
  await using writing = await startAmbassador(upstream.credentials({ server: other.server }), "--read-only=false");
  expect(await ask(writing, tunnel)).toEqual([502, expect.stringContaining("not signed by the authority we trust")]);
  expect(asked).toEqual([]);
  expectDiscreet(ambassador);
});

test("a token that can't be had is a 502 that says why", async () => {
  await using upstream = await startUpstream(() => undefined);
  const token = () => Promise.reject(new Error("the token file /token is empty"));
  await using ambassador = await startAmbassador(upstream.credentials({ token }));
  expect(await ask(ambassador)).toEqual([
    502,
    "ambassador: GET /api: no token to send: the token file /token is empty",
  ]);
});

test.each(["CONNECT localhost:443", "GET /api/v1/pods", "GET /api%zz"])(
  "a client that resets its connection in the middle of %s ends nothing but that",
  async (line) => {
    await using upstream = await startUpstream((_, response) => response.end('{"message":"ok"}'));
    await using ambassador = await startAmbassador(upstream.credentials());
    const text = request(line, "Connection: Upgrade\r\nUpgrade: websocket\r\n");
    for (let count = 0; count < 50; count++) {
      const client = connect(ambassador.port, "127.0.0.1").on("error", () => undefined);
      const closed = new Promise((resolve) => client.once("close", resolve));
      client.write(text, () => client.resetAndDestroy());
      await closed;
    }
    expect(await ask(ambassador)).toEqual([200, "ok"]);
  },
);

test("a client that leaves is no fault, and neither is one that stops in the middle of its request", async () => {
  await using upstream = await startUpstream(() => undefined);
  await using ambassador = await startAmbassador(upstream.credentials(), "--read-only=false");
  for (const text of [getApi, request("POST /api", "Content-Length: 10\r\n") + "half", "GET /api HTT"]) {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const client = connect(ambassador.port, "127.0.0.1");
    client.write(text, () => client.end());
    client.on("error", () => undefined).once("close", () => resolve());
    client.setTimeout(100, () => client.destroy());
    await closed;
  }
  await expect.poll(upstream.connections).toBe(0);
  expect(ambassador.log.filter(({ level }) => Number(level) > 30)).toEqual([]);
});
