import { once } from "node:events";
import { connect } from "node:net";
import { Gauge, Registry } from "prom-client";
import { expect, test } from "vitest";
import { type HealthOptions, serveHealth } from "./health.ts";

/** A health server on a free port; `get` asks it. */
async function start(options: Partial<HealthOptions> = {}) {
  const server = await serveHealth({ port: 0, registry: new Registry(), waitsFor: () => undefined, ...options });
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
  };
  return { get, port: server.port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test("it lives as long as it answers, and is ready once it waits for nothing more", async () => {
  let awaited: string | undefined = "the first lists";
  await using server = await start({ waitsFor: () => awaited });
  expect(await server.get("/livez")).toMatchObject({ status: 200, text: "ok\n" });
  expect(await server.get("/readyz")).toMatchObject({ status: 503, text: "waiting for the first lists\n" });
  awaited = undefined;
  expect(await server.get("/readyz")).toMatchObject({ status: 200, text: "ok\n" });
});

test("it lives no longer while something is stuck, and says what", async () => {
  let stuck: string | undefined = "the watch of pods has had no answer";
  await using server = await start({ stalled: () => stuck });
  expect(await server.get("/livez")).toMatchObject({ status: 503, text: "the watch of pods has had no answer\n" });
  expect(await server.get("/readyz")).toMatchObject({ status: 200 });
  stuck = undefined;
  expect(await server.get("/livez")).toMatchObject({ status: 200, text: "ok\n" });
});

test("metrics come in the text format of Prometheus, as they are at that moment", async () => {
  const registry = new Registry();
  const gauge = new Gauge({ name: "peers", help: "How many.", registers: [registry] });
  await using server = await start({ registry });
  for (const value of [3, 4]) {
    gauge.set(value);
    const { status, type, text } = await server.get("/metrics");
    expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    expect(text.split("\n")).toEqual(["# HELP peers How many.", "# TYPE peers gauge", `peers ${value}`, ""]);
  }
});

test.each(["/", "/healthz", "/metrics/x", "//livez"])("%s is not there, and the answer says what is", async (path) => {
  await using server = await start();
  expect(await server.get(path)).toMatchObject({ status: 404, text: expect.stringContaining("/livez, /readyz") });
});

test("a query, as probes like to add, is no other path", async () => {
  await using server = await start();
  expect(await server.get("/readyz?verbose")).toMatchObject({ status: 200 });
});

test("metrics that can't be collected cost that answer, not the server", async () => {
  const registry = new Registry();
  new Gauge({
    name: "broken",
    help: "Throws.",
    registers: [registry],
    collect() {
      throw new Error("no value");
    },
  });
  await using server = await start({ registry });
  await expect(server.get("/metrics")).rejects.toThrow();
  expect(await server.get("/livez")).toMatchObject({ status: 200 });
});

test("a port that is taken is an error", async () => {
  await using server = await start();
  const { port } = server;
  await expect(serveHealth({ port, registry: new Registry(), waitsFor: () => undefined })).rejects.toThrow(
    "EADDRINUSE",
  );
});

test("once it is disposed of, nobody answers on its port, and who had not asked yet is cut off", async () => {
  const server = await start();
  const silent = connect(server.port, "127.0.0.1");
  await once(silent, "connect");
  silent.write("GET /livez HTTP/1.1\r\n");
  await server.get("/livez");
  const cut = once(silent, "close");
  await server[Symbol.asyncDispose]();
  await cut;
  await expect(server.get("/livez")).rejects.toThrow();
});
