import { expect, test } from "vitest";
import { linksOf } from "./links.ts";
import { readAnswer } from "./reader.ts";

function linksIn(path: string, document: unknown): readonly string[] {
  return linksOf(path, readAnswer(JSON.stringify(document)));
}

test("from / to all paths, each once", () => {
  const paths = ["/", "/api", "/apis", "/apis/", "/healthz/ping"];
  expect(linksIn("/", { paths })).toEqual(["/", "/api", "/apis", "/healthz/ping"]);
});

test("from /api and /apis to the versions, the preferred one of a group first", () => {
  expect(linksIn("/api", { kind: "APIVersions", versions: ["v1"] })).toEqual(["/api/v1"]);
  const versions = [{ version: "v1" }, { version: "v2" }];
  const autoscaling = { name: "autoscaling", versions, preferredVersion: { version: "v2" } };
  const batch = { name: "batch", versions: [{ version: "v1" }] };
  const scaling = ["/apis/autoscaling/v2", "/apis/autoscaling/v1"];
  expect(linksIn("/apis", { kind: "APIGroupList", groups: [autoscaling, batch] })).toEqual([
    ...scaling,
    "/apis/batch/v1",
  ]);
  expect(linksIn("/apis/autoscaling", { kind: "APIGroup", ...autoscaling })).toEqual(scaling);
});

test("from a version to what can be listed and read, everywhere and in a namespace", () => {
  const resources = [
    { name: "bindings", namespaced: true, kind: "Binding", verbs: ["create"] },
    { name: "namespaces", namespaced: false, kind: "Namespace", verbs: ["get", "list"] },
    { name: "namespaces/finalize", namespaced: false, kind: "Namespace", verbs: ["update"] },
    { name: "namespaces/status", namespaced: false, kind: "Namespace", verbs: ["get", "patch"] },
    { name: "pods", namespaced: true, kind: "Pod", verbs: ["create", "get", "list"] },
    { name: "pods/attach", namespaced: true, kind: "PodAttachOptions", verbs: ["create", "get"] },
    { name: "pods/exec", namespaced: true, kind: "PodExecOptions", verbs: ["create", "get"] },
    { name: "pods/log", namespaced: true, kind: "Pod", verbs: ["get"] },
    { name: "pods/portforward", namespaced: true, kind: "PodPortForwardOptions", verbs: ["create", "get"] },
    { name: "readings", namespaced: true, kind: "Reading", verbs: ["get"] },
  ];
  expect(linksIn("/api/v1", { kind: "APIResourceList", groupVersion: "v1", resources })).toEqual([
    "/api/v1/namespaces",
    "/api/v1/namespaces/{name}",
    "/api/v1/namespaces/{name}/status",
    "/api/v1/pods",
    "/api/v1/namespaces/{namespace}/pods",
    "/api/v1/namespaces/{namespace}/pods/{name}",
    "/api/v1/namespaces/{namespace}/pods/{name}/log",
    "/api/v1/namespaces/{namespace}/readings/{name}",
  ]);
});

test("from a list to its objects, where each of them is", () => {
  const jobs = [
    { metadata: { namespace: "default", name: "hello" } },
    { metadata: { namespace: "shop", name: "once" } },
    { metadata: {} },
  ];
  const list = { kind: "JobList", apiVersion: "batch/v1", metadata: { resourceVersion: "7" } };
  expect(linksIn("/apis/batch/v1/jobs", { ...list, items: jobs })).toEqual([
    "/apis/batch/v1/namespaces/default/jobs/hello",
    "/apis/batch/v1/namespaces/shop/jobs/once",
  ]);
  expect(linksIn("/apis/batch/v1/namespaces/shop/jobs", { ...list, items: jobs.slice(1) })).toEqual([
    "/apis/batch/v1/namespaces/shop/jobs/once",
  ]);
  const roles = { ...list, items: [{ metadata: { name: "system:node" } }] };
  expect(linksIn("/apis/rbac.authorization.k8s.io/v1/clusterroles", roles)).toEqual([
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode",
  ]);
  expect(linksIn("/somewhere/else/jobs/all", { ...list, items: jobs })).toEqual([]);
});

test("from the index of the schemas to each of them", () => {
  const batch = "/openapi/v3/apis/batch/v1?hash=A";
  expect(linksIn("/openapi/v3", { paths: { "apis/batch/v1": { serverRelativeURL: batch }, odd: null } })).toEqual([
    batch,
  ]);
});

test.each([
  { kind: "Job", metadata: { name: "hello" } },
  { major: "1" },
  { swagger: "2.0", paths: { "/api/": { get: {} } } },
  "ok",
])("from %j nowhere", (document) => {
  expect(linksIn("/it", document)).toEqual([]);
});
