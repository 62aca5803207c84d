import type { Credentials, ReadOptions, TlsCredentials } from "@metadata-mirror/auth";
import { expect, test } from "vitest";
import { rawHttp } from "./raw-http.ts";
import { startAmbassador, type TestAmbassador } from "./rig.ts";
import { startUpstream, type UpstreamServer } from "./upstream-server.ts";

const request = (line: string, more = ""): string => `${line} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const body = "Content-Length: 2\r\n\r\n{}";

async function statusOf({ port }: TestAmbassador, text = request("GET /api")): Promise<number | undefined> {
  return (await rawHttp(port, text))[0]?.status;
}

/** A server that takes one token only, which may change; and what it was asked with. */
async function particularServer(first: string) {
  let wanted = `Bearer ${first}`;
  const tokens: (string | undefined)[] = [];
  const upstream = await startUpstream(({ headers, method }, response) => {
    tokens.push(headers.authorization);
    response.statusCode = headers.authorization === wanted ? 200 : 401;
    response.end(`${method} ${response.statusCode}`);
  });
  const change = (token: string): void => void (wanted = `Bearer ${token}`);
  return { upstream, tokens, change, [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose]() };
}

/** A token that is the first, and the last once a fresh one was asked for. */
function rotating(upstream: UpstreamServer, ...values: string[]): Credentials {
  let [token = ""] = values;
  return upstream.credentials({
    token({ fresh = false }: ReadOptions = {}) {
      if (fresh) token = values.at(-1) ?? "";
      return Promise.resolve(token);
    },
  });
}

test("a token that is refused is read anew at once, and the client never learns of it", async () => {
  await using server = await particularServer("new");
  await using ambassador = await startAmbassador(rotating(server.upstream, "old", "new"));
  expect(await statusOf(ambassador)).toBe(200);
  expect(await statusOf(ambassador)).toBe(200);
  expect(server.tokens).toEqual(["Bearer old", "Bearer new", "Bearer new"]);
});

test("a refusal that breaks off is a refusal all the same", async () => {
  let asked = 0;
  await using upstream = await startUpstream((_, response) => {
    asked += 1;
    if (asked > 1) response.end("{}");
    else response.writeHead(401, { "content-length": "100" }).write("half", () => response.destroy());
  });
  await using ambassador = await startAmbassador(rotating(upstream, "old", "new"));
  expect(await statusOf(ambassador)).toBe(200);
});

test("a token that stays refused is the client's answer, after one more try", async () => {
  await using server = await particularServer("another");
  await using ambassador = await startAmbassador(rotating(server.upstream, "old"));
  const [answer] = await rawHttp(ambassador.port, request("GET /api"));
  expect([answer?.status, answer?.body]).toEqual([401, "GET 401"]);
  expect(server.tokens).toEqual(["Bearer old", "Bearer old"]);
});

test("a client's own token that is refused is its own matter", async () => {
  await using server = await particularServer("new");
  await using ambassador = await startAmbassador(rotating(server.upstream, "old", "new"));
  expect(await statusOf(ambassador, request("GET /api", "Authorization: Bearer its-own\r\n"))).toBe(401);
  expect(server.tokens).toEqual(["Bearer its-own"]);
});

test("a request with a body can't be repeated, but has the next one sent with what was read anew", async () => {
  await using server = await particularServer("new");
  await using ambassador = await startAmbassador(rotating(server.upstream, "old", "new"), "--read-only=false");
  const post = `POST /api HTTP/1.1\r\nHost: localhost\r\n${body}`;
  expect(await statusOf(ambassador, post)).toBe(401);
  await expect.poll(() => statusOf(ambassador, post)).toBe(200);
  expect(server.tokens).toContain("Bearer new");
});

test("a token that can't be read anew either is told when the next request has none", async () => {
  await using server = await particularServer("new");
  let broken = false;
  const token = ({ fresh = false }: ReadOptions = {}) => {
    broken ||= fresh;
    return broken ? Promise.reject(new Error("the token file /token is empty")) : Promise.resolve("old");
  };
  await using ambassador = await startAmbassador(server.upstream.credentials({ token }), "--read-only=false");
  expect(await statusOf(ambassador, `POST /api HTTP/1.1\r\nHost: localhost\r\n${body}`)).toBe(401);
  expect((await rawHttp(ambassador.port, request("GET /api")))[0]?.body).toContain("the token file /token is empty");
});

test("an authority that changes while it runs is read anew at once, and the connections are made anew", async () => {
  await using upstream = await startUpstream((_, response) => response.end("{}"));
  let current: TlsCredentials = { ca: upstream.ca, insecureSkipTLSVerify: false };
  let next = current;
  let fresh = 0;
  const tls = (options: ReadOptions = {}) => {
    if (options.fresh) {
      fresh += 1;
      current = next;
    }
    return Promise.resolve(current);
  };
  await using ambassador = await startAmbassador(upstream.credentials({ tls }));
  expect(await statusOf(ambassador)).toBe(200);
  expect(fresh).toBe(0);
  next = await upstream.changeAuthority();
  expect(await statusOf(ambassador)).toBe(200);
  expect(fresh).toBe(1);
  expect(ambassador.log.filter(({ level }) => Number(level) > 30)).toEqual([]);
});
