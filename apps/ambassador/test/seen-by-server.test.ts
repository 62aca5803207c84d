import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScratch } from "./scratch.ts";
import { rawHttp } from "./raw-http.ts";
import { type Proxy, startAmbassador, startKubectlProxy } from "./rig.ts";
import { startUpstream } from "./upstream-server.ts";

/** What the API server gets to see of a request. */
interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let oracle: Proxy;
let ambassador: Proxy;
let seen: Seen[] = [];
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  const upstream = stack.use(
    await startUpstream(async ({ method, url, headers }, response) => {
      seen.push({ method, url, headers, body: await text(response.req) });
      response.end("seen\n");
    }),
  );
  const { path: directory } = stack.use(await createScratch());
  oracle = stack.use(await startKubectlProxy({ server: upstream.server, ca: upstream.ca, token: "secret", directory }));
  ambassador = stack.use(await startAmbassador(upstream.credentials(), "--read-only=false"));
});
afterAll(() => stack.disposeAsync());

/** What the server sees of a request that comes through the proxy. */
async function seenThrough({ port }: Proxy, request: string): Promise<Seen | undefined> {
  seen = [];
  const [answer] = await rawHttp(port, request, { heads: request.startsWith("HEAD ") });
  expect(answer?.status).toBe(200);
  expect(seen).toHaveLength(1);
  return seen[0];
}

/** Of one connection, such as whether a body comes in chunks, and who says that it may come. */
const passing = ["connection", "transfer-encoding", "content-length", "expect", "accept-encoding"];

function essence(one: Seen | undefined) {
  const kept = Object.entries(one?.headers ?? {}).filter(([name]) => !passing.includes(name));
  return { ...one, headers: Object.fromEntries(kept) };
}

const head = "Host: localhost\r\nUser-Agent: suite\r\n";
const requests: Readonly<Record<string, string>> = {
  "a GET": `GET /api/v1/pods?a=1&a=2&b=%zz HTTP/1.1\r\n${head}\r\n`,
  "a HEAD": `HEAD /api HTTP/1.1\r\n${head}\r\n`,
  "a path with all that may be encoded": `GET /a%2Fb/%C3%A4;c=d/~e!$&'()*+,=:@ HTTP/1.1\r\n${head}\r\n`,
  "an empty query": `GET /api? HTTP/1.1\r\n${head}\r\n`,
  "a target with its host": `GET http://localhost/api?x HTTP/1.1\r\n${head}\r\n`,
  "headers of the client": `GET /api HTTP/1.1\r\n${head}Accept: a/b\r\nX-B: 1\r\nX-B: 2\r\nCookie: a=b\r\nImpersonate-User: jane\r\n\r\n`,
  "headers of its connection": `GET /api HTTP/1.1\r\n${head}Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nTE: trailers, gzip\r\nProxy-Authorization: x\r\n\r\n`,
  "its own proof": `GET /api HTTP/1.1\r\n${head}Authorization: Bearer its-own\r\n\r\n`,
  "an empty proof": `GET /api HTTP/1.1\r\n${head}Authorization:\r\n\r\n`,
  "whom it came through": `GET /api HTTP/1.1\r\n${head}X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2\r\nX-Forwarded-Proto: https\r\n\r\n`,
  "a body with its length": `POST /api HTTP/1.1\r\n${head}Content-Type: a/b\r\nContent-Length: 4\r\n\r\nbody`,
  "a body in chunks": `POST /api HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n`,
  "an empty body": `PUT /api HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`,
  "a body with a GET": `GET /api HTTP/1.1\r\n${head}Content-Length: 4\r\n\r\nbody`,
  "a DELETE without a body": `DELETE /api HTTP/1.1\r\n${head}\r\n`,
  "a body after 100 Continue": `POST /api HTTP/1.1\r\n${head}Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody`,
  "a request of HTTP/1.0": `GET /api HTTP/1.0\r\n${head}\r\n`,
};

test.each(Object.entries(requests))(
  "the server sees of %s what it sees of it through kubectl proxy",
  async (_, request) => {
    const expected = await seenThrough(oracle, request);
    expect(essence(await seenThrough(ambassador, request))).toEqual(essence(expected));
  },
);

test("the server sees our token, unless the client has one of its own", async () => {
  const through = async (more: string) =>
    (await seenThrough(ambassador, `GET /api HTTP/1.1\r\n${head}${more}\r\n`))?.headers.authorization;
  expect(await through("")).toBe("Bearer secret");
  expect(await through("Authorization: Bearer its-own\r\n")).toBe("Bearer its-own");
});

test("a second request in the body of a first one is never one to the server", async () => {
  const inner = "DELETE /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const asBody = `POST /api HTTP/1.1\r\n${head}Content-Length: ${inner.length}\r\n\r\n${inner}`;
  expect((await seenThrough(ambassador, asBody))?.body).toBe(inner);
  for (const smuggle of [
    `POST /api HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    `POST /api HTTP/1.1\r\n${head}Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    `GET http://example.com/x HTTP/1.1\r\n${head}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n${inner}`,
  ]) {
    seen = [];
    const answers = await rawHttp(ambassador.port, smuggle, { count: 2 });
    expect(answers.map(({ status }) => status)).not.toContain(200);
    expect(seen).toEqual([]);
  }
});

test("requests sent one behind the other are answered in their order", async () => {
  seen = [];
  const pipeline = ["/1", "/2", "/3"].map((path) => `GET ${path} HTTP/1.1\r\n${head}\r\n`).join("");
  expect(await rawHttp(ambassador.port, pipeline, { count: 3 })).toHaveLength(3);
  expect(new Set(seen.map(({ url }) => url))).toEqual(new Set(["/1", "/2", "/3"]));
});
