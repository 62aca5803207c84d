import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { rawHttp } from "./raw-http.ts";
import { startAmbassador } from "./rig.ts";
import { startUpstream } from "./upstream-server.ts";

const get = (path: string, more = ""): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

/** A server that begins the answer to /held and goes on with it when it is told to; and what it was asked for. */
async function holdingServer() {
  const paths: string[] = [];
  let held: ServerResponse | undefined;
  const upstream = await startUpstream(({ url = "" }, response) => {
    paths.push(url);
    if (url !== "/held") return response.end(url);
    held = response;
    return response.write("begun ");
  });
  return {
    upstream,
    paths,
    held: () => held ?? expect.fail("nothing is held"),
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  };
}

test("a request that comes behind another is not asked for before that one is answered", async () => {
  await using server = await holdingServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const answers = rawHttp(ambassador.port, get("/held") + get("/second") + get("/third"), { count: 3 });
  await expect.poll(() => server.paths).toEqual(["/held"]);
  server.held().end("done");
  expect((await answers).map(({ body }) => body)).toEqual(["begun done", "/second", "/third"]);
  expect(server.paths).toEqual(["/held", "/second", "/third"]);
});

test("behind the last request of a connection nothing is asked for", async () => {
  await using server = await holdingServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const text = get("/first", "Connection: close\r\n") + get("/second");
  expect(await rawHttp(ambassador.port, text, { count: 2 })).toMatchObject([{ body: "/first", closed: true }]);
  expect(server.paths).toEqual(["/first"]);
});

test("a client that leaves ends the request under way, and those that wait are never asked for", async () => {
  await using server = await holdingServer();
  await using ambassador = await startAmbassador(server.upstream.credentials());
  const client = connect(ambassador.port, "127.0.0.1").on("error", () => undefined);
  client.write(get("/held") + get("/second"));
  await expect.poll(() => server.paths).toEqual(["/held"]);
  let closed = false;
  server.held().once("close", () => (closed = true));
  client.destroy();
  await expect.poll(() => closed, { timeout: 10_000 }).toBe(true);
  expect((await rawHttp(ambassador.port, get("/other")))[0]?.body).toBe("/other");
  expect(server.paths).toEqual(["/held", "/other"]);
});

test.each([
  ["garbage", "\0\0\r\n\r\n"],
  ["an upgrade", get("/api/v1/namespaces/a/pods/b/portforward", "Connection: Upgrade\r\nUpgrade: websocket\r\n")],
])("%s behind an answer that is under way cuts it off, and puts nothing into it", async (_, behind) => {
  await using server = await holdingServer();
  await using ambassador = await startAmbassador(server.upstream.credentials(), "--read-only=false");
  const client = connect(ambassador.port, "127.0.0.1").on("error", () => undefined);
  let seen = "";
  client.setEncoding("latin1").on("data", (chunk: string) => (seen += chunk));
  const closed = new Promise((resolve) => client.once("close", resolve));
  client.write(get("/held"));
  await expect.poll(() => seen, { timeout: 10_000 }).toContain("begun ");
  client.write(behind, "latin1");
  await closed;
  expect(seen).toMatch(/begun \r\n$/);
  expect(server.paths).toEqual(["/held"]);
});
