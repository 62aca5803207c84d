import { expect, test } from "vitest";
import { apiRequestOf, isAt } from "./api-request.ts";

test.each([
  ["GET", "/api/v1/pods?limit=500", "pods", "page"],
  ["GET", "/api/v1/namespaces/shop/pods?watch=true&resourceVersion=5", "pods", "watch"],
  ["GET", "/api/v1/nodes?watch=true&sendInitialEvents=true", "nodes", "streamed list"],
  ["GET", "/api/v1/namespaces/shop/pods/web-0", "pods", "read"],
  ["PATCH", "/api/v1/namespaces/shop/pods/web-0/status", "pods", "write"],
  ["GET", "/api/v1/namespaces", "namespaces", "page"],
  ["GET", "/api/v1/namespaces/shop", "namespaces", "read"],
  ["POST", "/apis/coordination.k8s.io/v1/namespaces/shop/leases", "leases", "write"],
  ["GET", "/apis/metadatamirror.dev/v1alpha1/metadatamirrors", "metadatamirrors", "page"],
  ["GET", "/version", "", "read"],
])("%s %s is of %s, a %s", (method, target, resource, kind) => {
  expect(apiRequestOf(method, target)).toEqual({ resource, kind, continues: false });
});

test("a page with a token is not the first", () => {
  expect(apiRequestOf("GET", "/api/v1/pods?limit=1&continue=x").continues).toBe(true);
});

test("what is said of neither resource nor kind is so of all", () => {
  const request = apiRequestOf("GET", "/api/v1/pods");
  expect(isAt({}, request)).toBe(true);
  expect(isAt({ resource: "pods", kinds: ["page"] }, request)).toBe(true);
  expect(isAt({ resource: "nodes" }, request)).toBe(false);
  expect(isAt({ kinds: ["write"] }, request)).toBe(false);
});
