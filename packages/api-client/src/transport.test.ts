import { inspect } from "node:util";
import type { Credentials, ReadOptions } from "@metadata-mirror/auth";
import { expect, test } from "vitest";
import { eventually } from "../test/eventually.ts";
import {
  cut,
  hang,
  json,
  page,
  refuse,
  type Reply,
  type ScriptedServer,
  scriptedServer,
  trickleInto,
} from "../test/scripted-server.ts";
import { ApiError } from "./api-error.ts";
import { connect } from "./client.ts";
import { systemClock } from "./clock.ts";
import { fakeClock } from "./fake-clock.ts";

/** Credentials whose token is the first, and once a fresh one was asked for the second. */
function rotating({ credentials }: ScriptedServer, first: string, second: string): Credentials {
  let token = first;
  return {
    ...credentials,
    token({ fresh = false }: ReadOptions = {}) {
      if (fresh) token = second;
      return Promise.resolve(token);
    },
  };
}

async function failure(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (error instanceof ApiError) return error;
  throw new Error(`expected an ApiError, got ${inspect(error)}`);
}

const path = "/version";

test("requests carry the token and who we are", async () => {
  await using server = await scriptedServer(json(200, { major: "1" }), json(200, {}));
  await using client = connect(rotating(server, "one", "two"));
  expect(await client.request({ path })).toEqual({ major: "1" });
  expect(server.requests[0]?.headers).toMatchObject({
    authorization: "Bearer one",
    "user-agent": /^metadata-mirror\/\d/,
  });

  await using other = connect(server.credentials, { userAgent: "kubectl-mirror/2" });
  await other.request({ path });
  expect(server.requests[1]?.headers["user-agent"]).toBe("kubectl-mirror/2");
  expect(server.requests[1]?.headers).not.toHaveProperty("authorization");
});

test("a refused token is read anew, once, and the same request sent with it", async () => {
  // longer than what the system's buffers would swallow
  const long = refuse(401, { message: "x".repeat(20_000_000) });
  await using server = await scriptedServer(long, json(200, { ok: true }), json(200, {}));
  await using client = connect(rotating(server, "old", "new"));
  expect(await client.request({ method: "POST", path, body: { a: 1 } })).toEqual({ ok: true });
  await client.request({ path });
  expect(server.requests.map(({ method, headers, body }) => [method, headers.authorization, body])).toEqual([
    ["POST", "Bearer old", '{"a":1}'],
    ["POST", "Bearer new", '{"a":1}'],
    ["GET", "Bearer new", ""],
  ]);
  await eventually(server.open).toBe(0);
});

test("refused twice is unauthorized, and no token gets into the error", async () => {
  await using server = await scriptedServer(
    refuse(401),
    refuse(401, { reason: "Unauthorized", message: "Unauthorized" }),
  );
  await using client = connect(rotating(server, "s3cret-old", "s3cret-new"));
  const error = await failure(client.request({ path }));
  expect(error.message).toBe("[unauthorized] GET /version: Unauthorized (HTTP 401)");
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("s3cret");
  expect(server.requests).toHaveLength(2);
});

test("without a token a refusal is final", async () => {
  await using server = await scriptedServer(refuse(401));
  await using client = connect(server.credentials);
  expect(await failure(client.request({ path }))).toMatchObject({ code: "unauthorized", status: 401 });
  expect(server.requests).toHaveLength(1);
});

test("a token that can't be had is unauthorized, and says why", async () => {
  await using server = await scriptedServer();
  const token = () => Promise.reject(new Error("the token file /token is empty"));
  await using client = connect({ ...server.credentials, token });
  const { message } = await failure(client.request({ path }));
  expect(message).toBe("[unauthorized] GET /version: no token to send: the token file /token is empty");
  expect(server.requests).toEqual([]);
});

test("a server's path prefix goes before every path", async () => {
  await using server = await scriptedServer(json(200, {}));
  const prefixed = { ...server.credentials, server: `${server.credentials.server}/k8s/clusters/c-1` };
  await using client = connect(prefixed);
  await client.request({ path, query: { a: "1 & 2", b: undefined } });
  expect(server.requests[0]).toMatchObject({ path: "/k8s/clusters/c-1/version", query: { a: "1 & 2" } });
});

test("requests one after the other share two connections, errors too", async () => {
  const ports = new Set<number | undefined>();
  const noting = (status: number) => (response: Parameters<ReturnType<typeof json>>[0]) => {
    ports.add(response.socket?.remotePort);
    return json(status, {})(response, response.req);
  };
  const statuses = [200, 404, 401, 200, 500, 200, 422, 200, 404, 200, 503, 200];
  await using server = await scriptedServer(...statuses.map(noting));
  await using client = connect(rotating(server, "one", "two"));
  while (server.requests.length < statuses.length) await client.request({ path }).catch(() => {});
  // not one: undici takes the second when it is asked again before it has put the first one back
  expect(ports.size).toBeLessThanOrEqual(2);
});

test("an answer that isn't a Status gives its text, in part", async () => {
  await using server = await scriptedServer(
    (response) => void response.writeHead(404).end("404 page not found\n"),
    (response) => void response.writeHead(502).end("x".repeat(1_000_000)),
    (response) => void response.writeHead(503).end(),
  );
  await using client = connect(server.credentials);
  const errors = [await failure(client.request({ path })), await failure(client.request({ path }))];
  expect(errors.map(({ code }) => code)).toEqual(["not-found", "unavailable"]);
  expect(errors[0]?.message).toBe("[not-found] GET /version: 404 page not found (HTTP 404)");
  expect(errors[1]?.message.length).toBeLessThan(400);
  expect((await failure(client.request({ path }))).message).toContain("Service Unavailable (HTTP 503)");
});

test.each([
  ["17", 17_000],
  ["Thu, 01 Jan 1970 00:01:10 GMT", 10_000],
  ["Thu, 01 Jan 1970 00:00:10 GMT", 0],
  ["soon", undefined],
])("Retry-After %s is %s ms", async (value, retryAfterMs) => {
  await using server = await scriptedServer(refuse(429, {}, { "retry-after": value }));
  await using client = connect(server.credentials, { clock: fakeClock(60_000) });
  expect(await failure(client.request({ path }))).toMatchObject({ code: "too-many-requests", retryAfterMs });
});

test.each([
  ["before an answer", () => undefined],
  ["in its midst", hang('{"major":')],
])("a server that is silent %s for answerTimeoutMs is given up", async (_, reply) => {
  await using server = await scriptedServer(reply);
  await using client = connect(server.credentials, { answerTimeoutMs: 100 });
  expect(await failure(client.request({ path }))).toMatchObject({ code: "timeout" });
});

test("an answer that is cut off or is no JSON is an error of its own", async () => {
  await using server = await scriptedServer(cut('{"major":'), (response) => void response.end("<html>"));
  await using client = connect(server.credentials);
  expect((await failure(client.request({ path }))).message).toContain(
    "[unavailable] GET /version: the connection was cut",
  );
  expect((await failure(client.request({ path }))).message).toBe(
    "[unknown] GET /version: the answer is no JSON: is this an API server?",
  );
});

test.each([
  ["an answer", 200],
  ["a refusal", 500],
  ["the refusal of a token", 401],
])("%s that comes byte by byte, and is not whole after 150 s, is given up", async (_, statusCode) => {
  const slow: Reply = (response) => trickleInto(response.writeHead(statusCode), " ");
  await using server = await scriptedServer(slow);
  // a thousand times as fast as ours
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() * 1_000 };
  await using client = connect(rotating(server, "one", "two"), { clock });
  const { code, message } = await failure(client.request({ path }));
  expect([code, server.requests.length]).toEqual(["timeout", 1]);
  expect(message).toContain("not whole after 150 s");
  await eventually(server.open).toBe(0);
});

test("a server that isn't there is unavailable, and the message says where to look", async () => {
  const server = await scriptedServer();
  await server[Symbol.asyncDispose]();
  await using client = connect(server.credentials);
  const error = await failure(client.request({ path }));
  expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining("is the API server up") });
});

test("an aborted request is canceled, before, during and after it was sent", async () => {
  await using server = await scriptedServer();
  await using client = connect(server.credentials);
  const signal = AbortSignal.abort(new Error("enough"));
  expect((await failure(client.request({ path, signal }))).code).toBe("canceled");

  const stopping = new AbortController();
  const call = failure(client.request({ path, signal: stopping.signal }));
  await eventually(() => server.requests).toHaveLength(1);
  stopping.abort();
  expect((await call).code).toBe("canceled");
  await eventually(server.open).toBe(0);
});

test("disposing cuts off what is under way, and what comes after", async () => {
  await using server = await scriptedServer(page([], "1"));
  const client = connect(server.credentials);
  await client.request({ path });
  const call = failure(client.request({ path }));
  await eventually(() => server.requests).toHaveLength(2);
  await client[Symbol.asyncDispose]();
  expect((await call).code).toBe("canceled");
  expect((await failure(client.request({ path }))).message).toContain("the client is closed");
});
