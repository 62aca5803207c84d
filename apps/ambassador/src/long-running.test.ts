import { expect, test } from "vitest";
import { patienceOf } from "./long-running.ts";
import { parseRequestTarget } from "./request-target.ts";

const answerTimeoutMs = 5_000;

function patience(text: string): readonly [number, number] {
  const target = parseRequestTarget(text) ?? expect.fail("no target");
  const { headersTimeout, bodyTimeout } = patienceOf(target, answerTimeoutMs);
  return [headersTimeout, bodyTimeout];
}

test.each([
  "/api/v1/pods",
  "/api/v1/pods?watch=false",
  "/api/v1/pods?watch=0",
  "/api/v1/namespaces/shop/pods/log",
  "/api/v1/namespaces/exec/pods/a",
  "/apis/apps/v1/namespaces/shop/deployments/proxy",
  "/watch",
])("%s has to be answered in time", (text) => {
  expect(patience(text)).toEqual([answerTimeoutMs, answerTimeoutMs]);
});

test.each([
  "/api/v1/pods?watch=true",
  "/api/v1/pods?limit=1&watch=1",
  "/api/v1/pods?watch",
  "/api/v1/watch/namespaces/shop/pods",
  "/apis/apps/v1/watch/namespaces/shop/deployments",
  "/api/v1/pods?watch=true&timeoutSeconds=0",
  "/api/v1/pods?watch=true&timeoutSeconds=soon",
])("%s has to be answered in time, and may be silent then", (text) => {
  expect(patience(text)).toEqual([answerTimeoutMs, 0]);
});

test("a watch whose end is known is over half a minute later", () => {
  expect(patience("/api/v1/pods?watch=true&timeoutSeconds=300")).toEqual([answerTimeoutMs, 330_000]);
});

test.each(["attach", "exec", "log", "portforward", "proxy", "proxy/some/path"])(
  "%s may take for ever",
  (subresource) => {
    expect(patience(`/api/v1/namespaces/shop/pods/web-0/${subresource}`)).toEqual([0, 0]);
  },
);

test.each([
  "/debug/pprof/profile",
  "/api/v1/nodes/node-1/proxy/healthz",
  "/apis/example.com/v1/namespaces/shop/vms/a/portforward",
])("so may %s", (path) => {
  expect(patience(path)).toEqual([0, 0]);
});

test("no watch is asked for so long that the time can't be told", () => {
  expect(patience(`/api/v1/pods?watch=true&timeoutSeconds=${"9".repeat(400)}`)[1]).toBe(Number.MAX_SAFE_INTEGER);
});
