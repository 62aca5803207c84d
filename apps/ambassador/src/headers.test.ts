import { expect, test } from "vitest";
import { hasBody, proofOf, requestHeaders, responseHeaders } from "./headers.ts";

/** What is sent on of these headers, given in turn. */
function sentOn(rawHeaders: readonly string[], remoteAddress?: string): readonly string[] {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return requestHeaders(rawHeaders, { "user-agent": "curl", ...headers }, remoteAddress);
}

test("what the client sends goes on, in its order and spelling, repeated ones too", () => {
  const raw = [
    "Accept",
    "application/json",
    "X-B",
    "1",
    "x-b",
    "2",
    "Content-Length",
    "3",
    "Authorization",
    "Bearer t",
  ];
  expect(sentOn(raw)).toEqual(raw);
});

test("an empty proof is none", () => {
  expect(sentOn(["Authorization", ""])).toEqual([]);
});

test.each([
  [{}, false],
  [{ "content-length": "0" }, false],
  [{ "content-length": "10" }, true],
  [{ "transfer-encoding": "chunked" }, true],
])("with the headers %j a body comes: %s", (headers, expected) => {
  expect(hasBody(headers)).toBe(expected);
});

test.each([
  [[], "secret", ["authorization", "Bearer secret"]],
  [["X", "authorization"], "secret", ["authorization", "Bearer secret"]],
  [["Authorization", "Bearer its-own"], "secret", []],
  [[], undefined, []],
])("to the headers %j with the token %s is added %j", (headers, token, added) => {
  expect(proofOf(headers, token)).toEqual(added);
});

test("a proof that the client declares to be of its connection is none", () => {
  expect(sentOn(["Connection", "authorization", "Authorization", "Bearer t"])).toEqual([]);
});

test("what is of its connection stays here", () => {
  const raw = ["Connection", "keep-alive, X-Hop ,upgrade", "x-hop", "1", "Keep-Alive", "5", "Upgrade", "h2c", "A", "1"];
  expect(sentOn(raw)).toEqual(["A", "1"]);
  const others = ["Proxy-Authorization", "x", "Proxy-Connection", "x", "Transfer-Encoding", "chunked", "Trailer", "A"];
  expect(sentOn([...others, "TE", "gzip", "Host", "localhost", "Expect", "100-continue"])).toEqual([]);
});

test.each([
  "Connection",
  "Proxy-Connection",
  "Keep-Alive",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "TE",
  "Trailer",
  "Transfer-Encoding",
  "Upgrade",
])("%s is of one connection, whoever sends it", (name) => {
  expect(sentOn([name, "x"])).toEqual([]);
  expect(responseHeaders({ [name.toLowerCase()]: "x" })).toEqual({});
});

test("trailers are welcome where they are to the client", () => {
  expect(sentOn(["TE", "gzip, trailers"])).toEqual(["te", "trailers"]);
});

test("the server learns who called, after whom it came through before", () => {
  expect(sentOn([], "127.0.0.1")).toEqual(["x-forwarded-for", "127.0.0.1"]);
  expect(sentOn(["X-Forwarded-For", "10.0.0.1", "X-Forwarded-For", "10.0.0.2"], "127.0.0.1")).toEqual([
    "x-forwarded-for",
    "10.0.0.1, 10.0.0.2, 127.0.0.1",
  ]);
});

test("of an answer, too, what is of its connection stays here", () => {
  const headers = { connection: "close, x-hop", "x-hop": "1", "transfer-encoding": "chunked", etag: '"1"' };
  expect(responseHeaders({ ...headers, warning: ["1", "2"] as unknown as string })).toEqual({
    etag: '"1"',
    warning: ["1", "2"],
  });
  expect(responseHeaders({ connection: ["close", "x-hop"] as unknown as string, "x-hop": "1" })).toEqual({});
});

test("a client that does not say who it is is introduced", () => {
  expect(requestHeaders([], {}, undefined)).toEqual(["user-agent", "metadata-mirror-ambassador"]);
  expect(requestHeaders(["User-Agent", "curl"], { "user-agent": "curl" }, undefined)).toEqual(["User-Agent", "curl"]);
});
