import { once } from "node:events";
import { Agent, createServer, get } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { systemClock } from "@metadata-mirror/api-client";
import { type Authority, createAuthority, type Login } from "@metadata-mirror/control-plane";
import { beforeAll, expect, test } from "vitest";
import type { Fault } from "./fault.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { bytesOf, part } from "./protobuf.ts";

const podsPath = "/api/v1/namespaces/shop/pods";
const watchPath = `${podsPath}?watch=true&resourceVersion=5`;
const streamedPath = `${podsPath}?watch=true&sendInitialEvents=true`;
const pods = { resource: "pods" };

const line = (type: string, name: string) =>
  `${JSON.stringify({ type, object: { metadata: { namespace: "shop", name } } })}\n`;
const [a, b, bookmark] = [line("ADDED", "a"), line("ADDED", "b"), line("BOOKMARK", "")];

/** An API server that answers a list, or a stream of which the test sends what comes. */
interface Upstream extends AsyncDisposable {
  readonly upstream: Login;
  /** The proxies' own. */
  readonly authority: Authority;
  readonly requests: string[];
  /** Sends on all open streams. */
  readonly tell: (...lines: readonly (string | Buffer)[]) => void;
  /** How many streams are open. */
  readonly open: () => number;
}

let upstream: Upstream;
beforeAll(async () => {
  const started = await startUpstream();
  upstream = started;
  return () => started[Symbol.asyncDispose]();
});

async function startUpstream(): Promise<Upstream> {
  const authority = await createAuthority("API server");
  const streams = new Set<ServerResponse>();
  const requests: string[] = [];
  const server = createServer(await authority.issue(), (message, response) => {
    const { method, url = "" } = message;
    requests.push(`${method} ${url} ${message.headers.authorization ?? ""}`);
    if (!url.includes("watch=true")) {
      response.setHeader("content-type", "application/json");
      message.pipe(response).on("error", () => undefined);
      response.write(method === "GET" ? '{"items":["a","b","c","d"]}' : "written: ");
      return;
    }
    streams.add(response);
    response.once("close", () => streams.delete(response));
    response.writeHead(200, { "content-type": url.includes("frames") ? framed : "application/json" });
    response.flushHeaders();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    authority,
    upstream: { server: `https://127.0.0.1:${port}`, ca: authority.ca, token: "secret" },
    requests,
    tell: (...lines) => streams.forEach((response) => lines.forEach((each) => response.write(each))),
    open: () => streams.size,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const framed = "application/vnd.kubernetes.protobuf;stream=watch";

/** What a client makes of its requests; its connections are kept alive. */
function createClient({ login, namedLogin }: FaultProxy, byName = false) {
  const { server, ca, token } = byName ? namedLogin : login;
  const agent = new Agent({ keepAlive: true, ca, maxSockets: 8 });
  const headers = { authorization: `Bearer ${token}` };

  /** Opens a stream, and tells what has come of it, and how it ended. */
  async function stream(path: string) {
    const request = get(`${server}${path}`, { agent, headers });
    request.on("error", () => undefined);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const seen = { text: "", end: undefined as string | undefined };
    response
      .on("data", (chunk: Buffer) => (seen.text += chunk.toString("latin1")))
      .on("end", () => (seen.end ??= "end"))
      .on("error", (error: NodeJS.ErrnoException) => (seen.end ??= error.code));
    return { seen, response, giveUp: () => request.destroy() };
  }

  /** Status and body, or the code of the error. */
  async function ask(path: string): Promise<string> {
    try {
      const request = get(`${server}${path}`, { agent, headers });
      request.on("error", () => undefined);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return `${response.statusCode} ${await text(response)}`;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  }
  return { stream, ask, [Symbol.dispose]: () => agent.destroy() };
}

/** A proxy and a client of it, with a stream that is open and has told `a`. */
async function scene(path = watchPath) {
  await using stack = new AsyncDisposableStack();
  const proxy = stack.use(await startFaultProxy({ ...upstream, clock: systemClock }));
  const client = stack.use(createClient(proxy));
  const stream = await client.stream(path);
  upstream.tell(a);
  await expect.poll(() => stream.seen.text).toBe(a);
  const owned = stack.move();
  return { proxy, client, ...stream, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const list = '200 {"items":["a","b","c","d"]}';

test("without a fault requests, streams and the token go through", async () => {
  await using there = await scene();
  expect(await there.client.ask(podsPath)).toBe(list);
  expect(upstream.requests.at(-1)).toBe(`GET ${podsPath} Bearer secret`);
  upstream.tell(b);
  await expect.poll(() => there.seen).toEqual({ text: a + b, end: undefined });
  there.giveUp();
  await expect.poll(upstream.open).toBe(0);
});

test("a stream is read no faster than its client takes it", async () => {
  await using there = await scene();
  there.response.pause();
  const big = line("ADDED", "x".repeat(100_000));
  let sent = 0;
  for (; sent < 200; sent++) upstream.tell(big);
  await systemClock.sleep(200);
  expect(there.seen.text.length).toBeLessThan(20 * big.length);
  there.response.resume();
  await expect.poll(() => there.seen.text.length, { timeout: 10_000 }).toBe(a.length + sent * big.length);
});

test("a fault strikes what it is for, until it's lifted", async () => {
  await using there = await scene();
  const injection = await there.proxy.inject({ type: "refusal", code: 503 }, { resource: "nodes" });
  expect(await there.client.ask("/api/v1/nodes")).toMatch(/^503 /);
  expect(await there.client.ask(podsPath)).toBe(list);
  expect(injection.hits).toBe(1);
  await injection.lift();
  expect(await there.client.ask("/api/v1/nodes")).toBe(list);
  expect(there.seen.end).toBeUndefined();
});

test("401 once is once", async () => {
  await using there = await scene();
  const injection = await there.proxy.inject({ type: "refusal", code: 401, times: 1 }, pods);
  await expect.poll(() => there.seen.end).toBe("end");
  expect(await there.client.ask(podsPath)).toMatch(/^401 .*"reason":"Unauthorized"/);
  expect(await there.client.ask(podsPath)).toBe(list);
  expect(injection.hits).toBe(1);
});

test("429 says when to come again", async () => {
  await using there = await scene();
  await there.proxy.inject({ type: "refusal", code: 429, retryAfterSeconds: 7 });
  const { response } = await there.client.stream(podsPath);
  expect(response.statusCode).toBe(429);
  expect(response.headers["retry-after"]).toBe("7");
});

const half = (whole: string) => whole.slice(0, Math.ceil(whole.length / 2));

test.each<readonly [string, Fault, string, string, string | undefined]>([
  ["a stall ends it", { type: "stall" }, "", a, "end"],
  ["half-open silences it", { type: "half-open" }, b, a, undefined],
  ["a reset is one at once", { type: "reset before the answer" }, "", a, "ECONNRESET"],
  ["a reset in the body halves the next event", { type: "reset in the body" }, b, a + half(b), "ECONNRESET"],
  ["a cut halves the next event, and the end is a clean one", { type: "cut" }, b, a + half(b), "end"],
  ["a refusal ends it", { type: "refusal", code: 403 }, "", a, "end"],
  ["each event comes twice, bookmarks once", { type: "duplicates" }, b + bookmark, a + b + b + bookmark, undefined],
  ["refused connections reset it", { type: "refused" }, "", a, "ECONNRESET"],
])("of an open stream: %s", async (_, fault, told, text, end) => {
  await using there = await scene();
  await there.proxy.inject(fault, pods);
  for (const each of told.split(/(?<=\n)/)) upstream.tell(each);
  await expect.poll(() => there.seen).toEqual({ text, end });
});

test("events of different objects change places, but never with a bookmark, nor those of one object", async () => {
  await using there = await scene();
  const injection = await there.proxy.inject({ type: "reordered" }, pods);
  const [b2, c] = [line("MODIFIED", "b"), line("ADDED", "c")];
  upstream.tell(b, b2, c, b, bookmark, c);
  await expect.poll(() => there.seen.text).toBe(a + b + c + b2 + b + bookmark + c);
  expect(injection.hits).toBe(1);
});

test.each([410, 500] as const)(
  "an ERROR event of %i ends an open stream, and one that is opened then",
  async (code) => {
    await using there = await scene();
    await there.proxy.inject({ type: "error event", code }, pods);
    const later = await there.client.stream(watchPath);
    for (const [{ seen }, before] of [[there, a] as const, [later, ""] as const]) {
      await expect.poll(() => seen.end).toBe("end");
      expect(JSON.parse(seen.text.slice(before.length))).toMatchObject({ type: "ERROR", object: { code } });
    }
  },
);

test("frames of protobuf are events as lines of JSON are", async () => {
  await using there = await scene();
  const { seen } = await there.client.stream(`${watchPath}&frames`);
  const [pod, mark] = [frame("ADDED", "b"), frame("BOOKMARK", "")];
  const twice = await there.proxy.inject({ type: "duplicates" }, pods);
  upstream.tell(pod.subarray(0, 9), pod.subarray(9), mark);
  await expect.poll(() => seen.text).toBe(Buffer.concat([pod, pod, mark]).toString("latin1"));
  await twice.lift();
  await there.proxy.inject({ type: "error event", code: 410 }, pods);
  await expect.poll(() => seen.end).toBe("end");
  const error = Buffer.from(seen.text, "latin1").subarray(2 * pod.length + mark.length);
  expect(error.readUInt32BE(0)).toBe(error.length - 4);
  expect(decodeStatus(bytesOf(bytesOf(error.subarray(4), 2), 1))).toMatchObject({ code: 410, reason: "Expired" });
});

test("a list is cut in its middle, and those that are streamed are refused so that it is asked for", async () => {
  await using there = await scene();
  await there.proxy.inject({ type: "truncated page" }, pods);
  await expect.poll(() => there.seen.text.slice(a.length)).toContain('"code":410');
  expect(await there.client.ask(streamedPath)).toMatch(/^422 .*"reason":"Invalid"/);
  expect(await there.client.ask(podsPath)).toBe(`200 ${half(list.slice(4))}`);
});

test("the token for the second page has expired, that for none has not", async () => {
  await using there = await scene();
  const injection = await there.proxy.inject({ type: "expired continue" }, pods);
  expect(await there.client.ask(podsPath)).toBe(list);
  expect(injection.hits).toBe(0);
  expect(await there.client.ask(`${podsPath}?continue=x`)).toMatch(/^410 /);
});

test("an old server doesn't stream lists", async () => {
  await using there = await scene();
  await there.proxy.inject({ type: "no streamed lists" }, pods);
  expect(await there.client.ask(streamedPath)).toMatch(/^422 /);
  expect(await there.client.ask(podsPath)).toBe(list);
});

test("a server without bookmarks never says that a list is whole", async () => {
  await using there = await scene();
  await there.proxy.inject({ type: "no bookmarks" }, pods);
  const { seen } = await there.client.stream(streamedPath);
  upstream.tell(a, bookmark, b);
  await expect.poll(() => seen.text).toBe(a + b);
});

test("what is stalled stays so after the fault is lifted, until the client gives up", async () => {
  await using there = await scene();
  const injection = await there.proxy.inject({ type: "stall" }, pods);
  const asked = there.client.stream(podsPath);
  await expect.poll(() => injection.hits).toBe(1);
  await injection.lift();
  expect(await there.client.ask(podsPath)).toBe(list);
  expect(injection.givenUp).toBe(0);
  there.client[Symbol.dispose]();
  await expect(asked).rejects.toMatchObject({ code: "ECONNRESET" });
  await expect.poll(() => injection.givenUp).toBe(1);
});

test("half-open connections swallow what is sent on them, and new ones do not", async () => {
  await using there = await scene();
  // leaves a connection that is free
  expect(await there.client.ask(podsPath)).toBe(list);
  const before = upstream.requests.length;
  const injection = await there.proxy.inject({ type: "half-open" });
  await injection.lift();
  const swallowed = there.client.ask(podsPath);
  await expect.poll(() => injection.hits).toBe(2);
  using other = createClient(there.proxy);
  expect(await other.ask(podsPath)).toBe(list);
  expect(upstream.requests).toHaveLength(before + 1);
  there.client[Symbol.dispose]();
  expect(await swallowed).toBe("ECONNRESET");
});

test("half-open answers that begin while it's on fall silent in their midst", async () => {
  await using there = await scene();
  await there.proxy.inject({ type: "half-open" }, { kinds: ["page"] });
  const { seen } = await there.client.stream(podsPath);
  await expect.poll(() => seen).toEqual({ text: half(list.slice(4)), end: undefined });
});

test("a request whose answer is a reset has been done", async () => {
  await using there = await scene();
  await there.proxy.inject({ type: "reset before the answer" }, { kinds: ["page"] });
  const before = upstream.requests.length;
  expect(await there.client.ask(podsPath)).toBe("ECONNRESET");
  expect(upstream.requests).toHaveLength(before + 1);
});

test("delays are of the answer and of each piece", async () => {
  await using there = await scene();
  const injection = await there.proxy.inject({ type: "delay", ms: 100 }, pods);
  const begin = performance.now();
  expect(await there.client.ask(podsPath)).toBe(list);
  expect(performance.now() - begin).toBeGreaterThan(190);
  upstream.tell(b);
  await expect.poll(() => there.seen.text).toBe(a + b);
  expect(performance.now() - begin).toBeGreaterThan(280);
  expect(injection.hits).toBe(3);
});

test("a trickle makes no event whole, and one that has begun stays one, until the client gives up", async () => {
  await using there = await scene();
  const injection = await there.proxy.inject({ type: "trickle", bytesPerSecond: 50 }, pods);
  upstream.tell(b);
  await expect.poll(() => injection.hits).toBe(1);
  await injection.lift();
  await expect.poll(() => there.seen.text.length).toBeGreaterThan(a.length + 5);
  expect(there.seen.text.length).toBeLessThan(a.length + b.length);
  expect((await there.client.stream(watchPath)).response.statusCode).toBe(200);
  there.giveUp();
  await expect.poll(() => injection.givenUp).toBe(1);
});

test.each<readonly [string, Fault, string]>([
  ["another authority", { type: "untrusted", certificate: "other authority" }, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ["an expired certificate", { type: "untrusted", certificate: "expired" }, "CERT_HAS_EXPIRED"],
  ["another host's certificate", { type: "untrusted", certificate: "other host" }, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ["a cut handshake", { type: "no handshake" }, "ECONNRESET"],
  ["a closed port", { type: "refused" }, "ECONNREFUSED"],
  ["a name without an address", { type: "unresolved" }, "ENOTFOUND"],
])("new connections find %s, until it's lifted", async (_, fault, code) => {
  await using there = await scene();
  using client = createClient(there.proxy, true);
  expect(await client.ask("/version")).toBe(list);
  using later = createClient(there.proxy, true);
  const injection = await there.proxy.inject(fault, { resource: "nodes" });
  expect(await later.ask("/version")).toBe(code);
  expect(injection.hits).toBe(fault.type === "refused" ? 0 : 1);
  expect(there.seen.end).toBeUndefined();
  await injection.lift();
  expect(await later.ask("/version")).toBe(list);
});

test("a port that two faults have closed is closed until both are lifted", async () => {
  await using there = await scene();
  using client = createClient(there.proxy, true);
  const [first, second] = [
    await there.proxy.inject({ type: "refused" }),
    await there.proxy.inject({ type: "refused" }),
  ];
  await first.lift();
  expect(await client.ask("/version")).toBe("ECONNREFUSED");
  await second.lift();
  expect(await client.ask("/version")).toBe(list);
});

/** A frame of a watch with an event of a pod. */
function frame(type: string, name: string): Buffer {
  const metadata = part(1, part(1, name), part(3, "shop"));
  const object = Buffer.concat([Buffer.from("k8s\0"), part(1, part(2, "Pod")), part(2, metadata)]);
  const event = Buffer.concat([part(1, type), part(2, part(1, object))]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(event.length);
  return Buffer.concat([head, event]);
}

/** Of the Status in the bytes of an ERROR event what a client looks at. */
function decodeStatus(bytes: Buffer) {
  const status = bytesOf(bytes.subarray(4), 2);
  const code = status.subarray(-2);
  return { reason: bytesOf(status, 4).toString(), code: (code.readUInt8(0) % 128) + code.readUInt8(1) * 128 };
}
