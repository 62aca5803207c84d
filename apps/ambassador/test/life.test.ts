import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { rawHttp } from "./raw-http.ts";
import { startAmbassador, type TestAmbassador } from "./rig.ts";
import { createScratch } from "./scratch.ts";
import { startUpstream, type UpstreamServer } from "./upstream-server.ts";

const getApi = "GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** A server that answers at once, or holds its answer back until it is let go. */
async function patientServer() {
  const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
  let held = 0;
  const upstream = await startUpstream(async ({ url }, response) => {
    if (url === "/held") {
      held += 1;
      response.writeHead(200).write("begun ");
      await go;
    }
    response.end("done");
  });
  return { upstream, letGo, held: () => held, [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose]() };
}

function begin({ port }: TestAmbassador, path: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = httpRequest({ host: "127.0.0.1", port, path, agent: false });
  request.on("error", reject).once("response", (answer: IncomingMessage) => void text(answer).then(resolve, reject));
  request.end();
  return promise;
}

async function health({ healthPort }: TestAmbassador, path: string): Promise<readonly [number, string]> {
  const answer = await fetch(`http://127.0.0.1:${healthPort}${path}`);
  return [answer.status, await answer.text()];
}

test("what is under way when it stops is finished, and nothing more is taken", async () => {
  await using server = await patientServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const held = begin(ambassador, "/held");
  await expect.poll(server.held).toBe(1);
  const stopped = ambassador.stop();
  await expect
    .poll(() => begin(ambassador, "/api").catch(({ code }: NodeJS.ErrnoException) => code))
    .toBe("ECONNREFUSED");
  expect(await health(ambassador, "/readyz")).toEqual([503, "waiting for its end\n"]);
  server.letGo();
  expect(await held).toBe("begun done");
  await stopped;
  expect(ambassador.log.at(-1)).toMatchObject({ msg: "stopped" });
});

test("a connection on which nothing has come does not hold it up", async () => {
  await using server = await patientServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const silent = connect(ambassador.port, "127.0.0.1").on("error", () => undefined);
  await once(silent, "connect");
  // and one that has been served
  const idle = connect(ambassador.port, "127.0.0.1").on("error", () => undefined);
  idle.write(getApi);
  await once(idle, "data");
  const closed = Promise.all([once(silent, "close"), once(idle, "close")]);
  silent.resume();
  idle.resume();
  const startedAt = performance.now();
  await ambassador.stop();
  await closed;
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test("a token that never comes does not hold it up either", async () => {
  await using server = await patientServer();
  const token = () => new Promise<never>(() => undefined);
  await using ambassador = await startAmbassador(server.upstream.credentials({ token }));
  await ambassador.stop();
});

test("a connection that would be kept alive ends with the answer under way", async () => {
  await using server = await patientServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const held = rawHttp(ambassador.port, "GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await expect.poll(server.held).toBe(1);
  const startedAt = performance.now();
  const stopped = ambassador.stop();
  server.letGo();
  expect(await held).toMatchObject([{ body: "begun done" }]);
  await stopped;
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test("an idle connection is kept for as long as the client wants it", async () => {
  await using server = await patientServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const client = connect(ambassador.port, "127.0.0.1");
  const next = async () => {
    client.write(getApi);
    return String((await once(client, "data"))[0]);
  };
  expect(await next()).toContain("200 OK");
  const startedAt = performance.now();
  await expect.poll(() => performance.now() - startedAt, { timeout: 10_000 }).toBeGreaterThan(3_000);
  expect(await next()).toContain("200 OK");
  client.destroy();
});

test("an address of IPv6 is told as it is written in a URL", async () => {
  await using server = await patientServer();
  await using ambassador = await startAmbassador(server.upstream.credentials(), "--address=::1");
  expect(ambassador.log).toContainEqual(expect.objectContaining({ on: `[::1]:${ambassador.port}` }));
});

test("what is not done in time is cut off", async () => {
  await using server = await patientServer();
  await using ambassador = await startAmbassador(server.upstream.credentials(), "--drain-timeout=200");
  const held = begin(ambassador, "/held").catch(({ code }: NodeJS.ErrnoException) => code);
  await expect.poll(server.held).toBe(1);
  await ambassador.stop();
  expect(await held).toBe("ECONNRESET");
});

test("told a second time it stops at once", async () => {
  await using server = await patientServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const held = begin(ambassador, "/held").catch(({ code }: NodeJS.ErrnoException) => code);
  await expect.poll(server.held).toBe(1);
  const startedAt = performance.now();
  const stopped = ambassador.stop();
  ambassador.cut();
  await stopped;
  expect(await held).toBe("ECONNRESET");
  // it would have had 20 s
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test("it is ready once the API server has answered, and stays so when that goes", async () => {
  let upstream: UpstreamServer | undefined = await startUpstream((_, response) => response.end("{}"));
  let token: string | undefined;
  const credentials = upstream.credentials({
    token: () =>
      token === undefined ? Promise.reject(new Error("the token file /token is empty")) : Promise.resolve(token),
  });
  await using ambassador = await startAmbassador(credentials);
  expect(await health(ambassador, "/readyz")).toEqual([503, "waiting for the API server\n"]);
  expect(await health(ambassador, "/livez")).toEqual([200, "ok\n"]);
  expect(JSON.stringify(ambassador.log)).toContain("GET /version: no token to send: the token file /token is empty");
  token = "secret";
  await expect.poll(() => health(ambassador, "/readyz"), { timeout: 10_000 }).toEqual([200, "ok\n"]);
  await upstream[Symbol.asyncDispose]();
  upstream = undefined;
  expect((await rawHttp(ambassador.port, getApi))[0]?.status).toBe(502);
  expect(await health(ambassador, "/readyz")).toEqual([200, "ok\n"]);
});

test("what it can't use at first it reads anew", async () => {
  await using server = await patientServer();
  const token = ({ fresh = false } = {}) =>
    fresh ? Promise.resolve("secret") : Promise.reject(new Error("the token file /token is empty"));
  await using ambassador = await startAmbassador(server.upstream.credentials({ token }));
  await expect.poll(() => health(ambassador, "/readyz"), { timeout: 10_000 }).toEqual([200, "ok\n"]);
});

test("its metrics count requests by method and status, what is under way, and faults", async () => {
  await using server = await patientServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const held = begin(ambassador, "/held");
  await expect.poll(server.held).toBe(1);
  await rawHttp(ambassador.port, getApi);
  await rawHttp(ambassador.port, getApi.replace("GET", "POST"));
  const metrics = async () => (await health(ambassador, "/metrics"))[1];
  await expect.poll(metrics).toContain('requests_total{method="GET",code="200"} 1\n');
  expect(await metrics()).toContain('requests_total{method="POST",code="403"} 1\n');
  expect(await metrics()).toContain("metadata_mirror_ambassador_requests_in_flight 1\n");
  server.letGo();
  await held;
  await expect.poll(metrics).toContain("metadata_mirror_ambassador_requests_in_flight 0\n");
  await server.upstream[Symbol.asyncDispose]();
  await rawHttp(ambassador.port, getApi);
  expect(await metrics()).toContain('upstream_faults_total{code="unavailable"} 1\n');
  expect(await metrics()).toMatch(/answer_seconds_count 2\n/);
});

test("a Unix socket is for its owner only, replaces one that was left over, and no other file", async () => {
  await using upstream = await startUpstream((_, response) => response.end("through the socket"));
  await using folder = await createScratch();
  const path = join(folder.path, "api.sock");
  const serve = () => startAmbassador(upstream.credentials(), "--port=8001", `--unix-socket=${path}`);
  const mask = process.umask();
  const leftOver = createServer().listen(path);
  await once(leftOver, "listening");
  {
    await using _ambassador = await serve();
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect(process.umask()).toBe(mask);
    const request = httpRequest({ socketPath: path, path: "/api", headers: { host: "localhost" } }).end();
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    expect(await text(answer)).toBe("through the socket");
  }
  leftOver.close();
  await writeFile(path, "precious");
  await expect(serve()).rejects.toThrow("EADDRINUSE");
});

test("a port that is taken is an error", async () => {
  await using upstream = await startUpstream(() => undefined);
  await using first = await startAmbassador(upstream.credentials());
  await expect(startAmbassador(upstream.credentials(), `--port=${first.port}`)).rejects.toThrow("EADDRINUSE");
});
