import { expect, test } from "vitest";
import { hostOf, parseRequestTarget } from "./request-target.ts";

test.each([
  ["/", "/", "/", "", undefined],
  ["/api/v1/pods?watch=true&x=%zz", "/api/v1/pods", "/api/v1/pods", "?watch=true&x=%zz", undefined],
  ["/api?", "/api", "/api", "?", undefined],
  ["/api?a=b?c", "/api", "/api", "?a=b?c", undefined],
  ["/api/v1/p%6Fds", "/api/v1/pods", "/api/v1/p%6Fds", "", undefined],
  ["/a%2Fb", "/a/b", "/a%2Fb", "", undefined],
  // decoded once, not twice
  ["/a%252Fb", "/a%2Fb", "/a%252Fb", "", undefined],
  ["/%c3%a4", "/ä", "/%c3%a4", "", undefined],
  // no UTF-8
  ["/%e4x%2F", "/\u00e4x/", "/%e4x%2F", "", undefined],
  ["http://localhost:8001/api?x", "/api", "/api", "?x", "localhost:8001"],
  ["HTTPS://example.com", "", "", "", "example.com"],
  ["http://localhost?x=/y", "", "", "?x=/y", "localhost"],
])("%s is path %s", (text, path, rawPath, query, authority) => {
  expect(parseRequestTarget(text)).toEqual({ path, rawPath, query, authority });
});

test.each(["", "api", "*", "localhost:443", "ftp://localhost/api", "/%zz", "/%", "/a%2"])(
  "%j names no path",
  (text) => {
    expect(parseRequestTarget(text)).toBeUndefined();
  },
);

test.each([
  ["localhost", "localhost"],
  ["localhost:8001", "localhost"],
  ["127.0.0.1:", "127.0.0.1"],
  ["[::1]:8001", "[::1]"],
  ["[::1]", "[::1]"],
  ["example.com:80:80", "example.com:80"],
  ["", ""],
])("the host of %j is %j", (authority, host) => {
  expect(hostOf(authority)).toBe(host);
});
