import { expect, test } from "vitest";
import { parseRequestTarget } from "./request-target.ts";
import { type Route, route } from "./route.ts";

function routed(text: string, apiPrefix = "/"): Route {
  return route(parseRequestTarget(text) ?? expect.fail("no target"), apiPrefix);
}

/** The path, decoded and as sent, that a request is forwarded with. */
function forwarded(text: string, apiPrefix?: string): readonly string[] {
  const found = routed(text, apiPrefix);
  return found.kind === "forward" ? [found.target.path, found.target.rawPath] : expect.fail(JSON.stringify(found));
}

test.each(["/", "/api", "/api/v1/", "/api/v1/pods", "/a.b/..c/d../.e"])("%s is forwarded as it is", (path) => {
  expect(forwarded(path)).toEqual([path, path]);
});

test("what is encoded stays so", () => {
  expect(forwarded("/api/a%2Fb%20")).toEqual(["/api/a/b ", "/api/a%2Fb%20"]);
});

test.each([
  ["/..", "/"],
  ["//", "/"],
  ["/api/../x", "/x"],
  ["/../../x", "/x"],
  ["/a/./b", "/a/b"],
  ["/a//b/", "/a/b/"],
  ["/a/b/..", "/a"],
  ["/a/.", "/a"],
  ["/a/./", "/a/"],
  ["//example.com/x", "/example.com/x"],
  ["/a/../b?x=/../y", "/b?x=/../y"],
  ["http://localhost", "/"],
])("%s leads to %s", (text, location) => {
  expect(routed(text)).toEqual({ kind: "redirect", location });
});

test.each(["/api/%2e%2e/x", "/api/.%2E/x", "/x/%2e", "/api/x%2F../y", "/api/x%2f%2e%2e"])("%s is refused", (text) => {
  expect(routed(text)).toMatchObject({ kind: "refuse", status: 400 });
});

test("a path is at most 4096 characters long, its query may be longer", () => {
  expect(routed(`/${"a".repeat(4095)}?${"b".repeat(9000)}`)).toMatchObject({ kind: "forward" });
  expect(routed(`/${"a".repeat(4096)}`)).toMatchObject({ kind: "refuse", status: 414 });
});

test("a prefix goes, and what is outside it is not found", () => {
  expect(forwarded("/k8s/api/v1", "/k8s/")).toEqual(["/api/v1", "/api/v1"]);
  expect(forwarded("/k8s/", "/k8s/")).toEqual(["/", "/"]);
  expect(routed("/k8s?x", "/k8s/")).toEqual({ kind: "redirect", location: "/k8s/?x" });
  for (const path of ["/", "/api", "/k8sx/api", "/k8s/../api"]) expect(routed(path, "/k8s/").kind).not.toBe("forward");
  expect(routed("/api", "/k8s/")).toEqual({ kind: "not-found" });
});

test("a prefix that begins with /api stays, and limits what there is", () => {
  expect(forwarded("/api/v1/pods", "/api/")).toEqual(["/api/v1/pods", "/api/v1/pods"]);
  expect(routed("/apis/batch", "/api/")).toEqual({ kind: "not-found" });
});

test("a prefix that is there only when decoded is not found", () => {
  expect(routed("/%6B8s/api", "/k8s/")).toEqual({ kind: "not-found" });
});
