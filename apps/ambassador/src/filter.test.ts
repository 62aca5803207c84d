import { expect, test } from "vitest";
import { flagsOf } from "../test/flags.ts";
import { type FilteredRequest, parsePatterns, refusalOf } from "./filter.ts";

const read = { method: "GET", path: "/api/v1/pods", host: "localhost", upgrade: false };

/** Why a request like `read`, but for what is given, does not pass an ambassador with these flags. */
function refused(request: Partial<FilteredRequest>, ...args: string[]): string | undefined {
  return refusalOf({ ...read, ...request }, flagsOf(...args));
}

test.each(["localhost", "127.0.0.1", "[::1]"])("%s is a host that passes", (host) => {
  expect(refused({ host })).toBeUndefined();
});

test.each(["", "example.com", "localhost.example.com", "LOCALHOST", "127.0.0.12", "127a0a0a1", "::1"])(
  "%j is a host that does not pass",
  (host) => {
    expect(refused({ host })).toContain("--accept-hosts");
  },
);

test.each([
  "/api/v1/namespaces/shop/pods/web-0/exec",
  "/api/v1/namespaces/shop/pods/web-0/attach",
  "/api/v1/namespaces/shop/pods/web-0/exec/",
  "/api/v1/namespaces/shop/pods/web-0/proxy\r/pods/x/exec",
  "/api/v1/namespaces/shop/pods/web-0/proxy\n\u2028/exec",
])("%s does not pass, not even where all may be written", (path) => {
  expect(refused({ path }, "--read-only=false")).toContain("--reject-paths");
});

test("what is rejected does not pass, though it is accepted", () => {
  const args = ["--accept-paths=^/api/v1/namespaces/shop/", "--reject-paths=/secrets(/|$)"];
  expect(refused({ path: "/api/v1/namespaces/shop/pods" }, ...args)).toBeUndefined();
  expect(refused({ path: "/api/v1/namespaces/shop/secrets" }, ...args)).toContain("--reject-paths");
  expect(refused({ path: "/api/v1/namespaces/shop-eu/pods" }, ...args)).toContain("--accept-paths");
  expect(refused({}, "--accept-paths=")).toContain("--accept-paths");
});

test.each(["GET", "HEAD", "OPTIONS"])("%s passes where only reading is allowed", (method) => {
  expect(refused({ method })).toBeUndefined();
});

test.each(["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get"])("%s does not", (method) => {
  expect(refused({ method })).toContain("--read-only");
  expect(refused({ method }, "--read-only=false")).toBeUndefined();
});

test("a tunnel does not pass where only reading is allowed", () => {
  expect(refused({ upgrade: true })).toContain("--read-only");
  expect(refused({ upgrade: true }, "--read-only=false")).toBeUndefined();
});

test("methods can be rejected", () => {
  const args = ["--read-only=false", "--reject-methods=^DELETE$,P.*"];
  const methods = ["GET", "POST", "PATCH", "DELETE", "DELETEX"];
  expect(methods.filter((method) => refused({ method }, ...args) === undefined)).toEqual(["GET", "DELETEX"]);
});

test("patterns are separated by commas, and none is none", () => {
  expect(parsePatterns("^a$,b")).toEqual([/^a$/s, /b/s]);
  expect(parsePatterns("")).toEqual([]);
  expect(() => parsePatterns("a,(")).toThrow(SyntaxError);
});

test("the longest path that there can be is judged at once", () => {
  const path = `/api/${"/pods/".repeat(682)}`.slice(0, 4096);
  const begin = performance.now();
  expect(refused({ path })).toBeUndefined();
  expect(performance.now() - begin).toBeLessThan(1_000);
});
