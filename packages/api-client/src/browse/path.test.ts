import { expect, test } from "vitest";
import { collectionOf, parsePath } from "./path.ts";

test.each([
  ["/", "/"],
  ["", "/"],
  [" /apis ", "/apis"],
  ["apis/batch/v1/", "/apis/batch/v1"],
  ["/api/v1/nodes/node-1", "/api/v1/nodes/node-1"],
  [
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
  ],
  [
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
  ],
  ["/.well-known/openid-configuration", "/.well-known/openid-configuration"],
  ["/healthz/poststarthook/rbac/bootstrap-roles", "/healthz/poststarthook/rbac/bootstrap-roles"],
  ["/a b/c#d\\e", "/a%20b/c%23d%5Ce"],
  ["/apis/watch.example/v1/watches", "/apis/watch.example/v1/watches"],
  ["/api/v1/namespaces/watch/pods", "/api/v1/namespaces/watch/pods"],
])("%j is the path %s", (typed, path) => {
  expect(parsePath(typed)).toEqual({ path, query: {} });
});

test.each([
  ["apis/batch/v1/jobs?limit=2&labelSelector=app%3Dweb,tier!=a+b", { limit: "2", labelSelector: "app=web,tier!=a b" }],
  ["/?pretty", { pretty: "" }],
  ["/version?a=b?c", { a: "b?c" }],
  ["/api/v1/pods?watch=false&follow=0", { watch: "false", follow: "0" }],
])("the query of %s is %j", (typed, query) => {
  expect(parsePath(typed).query).toEqual(query);
});

const foreign = "it is no path of the server, such as /apis/batch/v1";

test.each([
  ["https://example.com/apis", foreign],
  ["HTTP://example.com", foreign],
  ["//example.com/apis", foreign],
  ["/apis/../metrics", '".." can\'t be part of a path'],
  ["..", '".." can\'t be part of a path'],
  ["/apis/%2e%2E/metrics", '"%2e%2E" can\'t be part of a path'],
  ["/apis/./batch", '"." can\'t be part of a path'],
  ["/apis//batch", '"" can\'t be part of a path'],
  ["/apis/batch//", '"" can\'t be part of a path'],
  ["/apis/batch%2Fv1", '"batch%2Fv1" can\'t be part of a path'],
  ["/apis/100%", '"100%" is not encoded as it should be: a % is %25'],
  ["/apis/\ud800", '"\ud800" is not encoded as it should be: a % is %25'],
  ["/api/v1/pods?watch=true", "with watch the answer has no end: leave it out"],
  ["/api/v1/pods?watch", "with watch the answer has no end: leave it out"],
  ["/api/v1/watch/pods", "with watch the answer has no end: leave it out"],
  ["/apis/batch/v1/w%61tch/jobs/", "with watch the answer has no end: leave it out"],
  ["/api/v1/namespaces/shop/pods/web/log?follow=1", "with follow the answer has no end: leave it out"],
  ["/api/v1/pods?limit=1&limit=2", "its query has more than one limit"],
])("%j can't be browsed", (typed, words) => {
  expect(() => parsePath(typed)).toThrow(new TypeError(`"${typed}" can't be browsed: ${words}`));
});

test.each([
  ["/api/v1/pods", { root: "/api/v1", plural: "pods" }],
  ["/api/v1/namespaces", { root: "/api/v1", plural: "namespaces" }],
  ["/api/v1/namespaces/shop/pods", { root: "/api/v1", plural: "pods" }],
  ["/apis/batch/v1/jobs", { root: "/apis/batch/v1", plural: "jobs" }],
  ["/apis/batch/v1/namespaces/shop/jobs", { root: "/apis/batch/v1", plural: "jobs" }],
])("%s is all of %j", (path, collection) => {
  expect(collectionOf(path)).toEqual(collection);
});

test.each([
  "/",
  "/api",
  "/api/v1",
  "/apis/batch",
  "/apis/batch/v1",
  "/version",
  "/openapi/v3/apis/batch",
  "/api/v1/nodes/node-1",
  "/api/v1/namespaces/shop",
  "/api/v1/namespaces/shop/status",
  "/api/v1/namespaces/shop/finalize",
  "/api/v1/namespaces/shop/pods/web",
  "/api/v1/namespaces/shop/pods/web/log",
  "/api/v1/nodes/node-1/status",
])("%s is no collection", (path) => {
  expect(collectionOf(path)).toBeUndefined();
});
