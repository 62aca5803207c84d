import { expect, test } from "vitest";
import { flagsOf } from "../test/flags.ts";
import { decide, type RequestHead } from "./decide.ts";
import { configOf } from "./options.ts";

const read: RequestHead = {
  method: "GET",
  url: "/api/v1/pods",
  httpVersion: "1.1",
  hosts: ["localhost:8001"],
  transferEncoding: undefined,
  upgrade: false,
};

/** What becomes of a request like `read`, but for what is given: the path that it's sent on with, or the status and why not. */
function decided(head: Partial<RequestHead>, ...args: string[]): string {
  const decision = decide({ ...read, ...head }, configOf(flagsOf(...args)));
  if (decision.kind === "forward") return decision.target.rawPath + decision.target.query;
  const { status, headers, body } = decision.answer;
  if (headers["location"] !== undefined) return `${status} ${headers["location"]}`;
  return `${status} ${(JSON.parse(body) as { readonly message: string }).message}`;
}

test("a request is sent on with its path and query as they are", () => {
  expect(decided({ url: "/api/v1/p%6Fds?watch=true" })).toBe("/api/v1/p%6Fds?watch=true");
});

test.each([
  [{ httpVersion: "2.0" }, "505 ambassador: GET is not sent on: HTTP/2.0 is not spoken here, but HTTP/1.1 is"],
  [
    { transferEncoding: "gzip, chunked" },
    "501 ambassador: GET is not sent on: of transfer codings only chunked is known",
  ],
  [{ url: "*" }, "400 ambassador: GET is not sent on: its target is no path"],
  [{ method: "CONNECT", url: "/api" }, "400 ambassador: CONNECT is not sent on: its target is no path"],
  [{ hosts: [] }, "400 ambassador: GET is not sent on: it needs one Host header"],
  [{ hosts: ["localhost", "localhost"] }, "400 ambassador: GET is not sent on: it needs one Host header"],
  [{ httpVersion: "1.0", hosts: [] }, '403 ambassador: GET is not sent on: the host "" is not one of --accept-hosts'],
  [{ url: "/x/../api" }, "307 /api"],
  [{ url: "/%2e%2e" }, "400 ambassador: GET is not sent on: its path has an encoded . or .. in it"],
  [{ method: "POST" }, "403 ambassador: POST is not sent on: POST changes things, and the ambassador is --read-only"],
  [
    { upgrade: true },
    "403 ambassador: GET is not sent on: a tunnel can change things, and the ambassador is --read-only",
  ],
] as const)("%j is answered with %s", (head, answer) => {
  expect(decided(head)).toBe(answer);
});

test.each([{ transferEncoding: "Chunked" }, { httpVersion: "1.0" }, { hosts: ["[::1]:1"] }])(
  "%j is no hindrance",
  (head) => {
    expect(decided(head)).toBe(read.url);
  },
);

test("the host of the target goes before the Host header", () => {
  expect(decided({ url: "http://localhost/api", hosts: ["example.com"] })).toBe("/api");
  expect(decided({ url: "http://example.com/api" })).toContain(
    '403 ambassador: GET is not sent on: the host "example.com"',
  );
});

test("what the filter judges is the path without the prefix, which is what the API server gets", () => {
  const args = ["--api-prefix=/k8s", "--reject-paths=^/api/v1/secrets"];
  expect(decided({ url: "/k8s/api/v1/secrets" }, ...args)).toContain("--reject-paths");
  expect(decided({ url: "/k8s/api/v1/pods" }, ...args)).toBe("/api/v1/pods");
  expect(decided({ url: "/api/v1/pods" }, ...args)).toContain(
    "404 ambassador: GET is not sent on: the API is at /k8s/",
  );
});
