import { expect, test } from "vitest";
import { readAnswer } from "./reader.ts";

const answerTo = (document: unknown) => readAnswer(JSON.stringify(document));

test("of / the paths", () => {
  expect(answerTo({ paths: ["/api", "/apis", "/apis/"] })).toEqual({
    type: "paths",
    paths: ["/api", "/apis", "/apis/"],
  });
});

test("of /api the versions of the core group", () => {
  expect(answerTo({ kind: "APIVersions", versions: ["v1"] })).toEqual({ type: "versions", versions: ["v1"] });
});

test("of /apis the groups, and of one of them that one", () => {
  const batch = { name: "batch", versions: [{ groupVersion: "batch/v1", version: "v1" }] };
  const groups = [{ name: "batch", versions: ["v1"] }];
  expect(answerTo({ kind: "APIGroupList", apiVersion: "v1", groups: [batch] })).toEqual({ type: "groups", groups });
  expect(answerTo({ kind: "APIGroup", apiVersion: "v1", ...batch })).toEqual({ type: "groups", groups });
});

test("of a version its resources", () => {
  const job = { name: "jobs", singularName: "job", namespaced: true, kind: "Job", verbs: ["get"] };
  expect(
    answerTo({ kind: "APIResourceList", apiVersion: "v1", groupVersion: "batch/v1", resources: [job] }),
  ).toMatchObject({
    type: "resources",
    group: "batch",
    version: "v1",
    resources: [{ group: "batch", version: "v1", plural: "jobs", kind: "Job" }],
  });
});

const item = { metadata: { name: "hello", namespace: "default" }, spec: {} };

test("of a collection a page of it, and how much there is beyond", () => {
  const document = { kind: "JobList", apiVersion: "batch/v1", items: [item] };
  const metadata = { resourceVersion: "7", continue: "token", remainingItemCount: 3 };
  const list = { type: "list", apiVersion: "batch/v1", kind: "JobList", items: [item] };
  expect(answerTo({ ...document, metadata })).toEqual({
    ...list,
    resourceVersion: "7",
    continue: "token",
    remaining: 3,
  });
  expect(answerTo({ ...document, metadata: { resourceVersion: "7", continue: "" } })).toEqual({
    ...list,
    resourceVersion: "7",
    continue: undefined,
    remaining: undefined,
  });
  // componentstatuses are not stored
  expect(answerTo({ ...document, metadata: {}, items: null })).toMatchObject({
    ...list,
    items: [],
    resourceVersion: undefined,
  });
});

test.each([
  { kind: "Job", apiVersion: "batch/v1", ...item },
  // of a CustomResourceDefinition
  { kind: "AllowList", apiVersion: "example.com/v1", metadata: { name: "mine" }, items: [] },
  { kind: "AllowList", apiVersion: "example.com/v1", metadata: { name: "mine" }, spec: {} },
])("of an object the object: %j", (object) => {
  expect(answerTo(object)).toEqual({ type: "object", object });
});

test.each([
  { major: "1", minor: "35", gitVersion: "v1.35.4" },
  { paths: { "apis/batch/v1": { serverRelativeURL: "/openapi/v3/apis/batch/v1?hash=A" } } },
  { swagger: "2.0", paths: [] },
  { keys: [] },
  [],
  { metadata: {} },
  { kind: 7, metadata: { name: "hello" } },
  // of custom.metrics.k8s.io: its items are no objects
  { kind: "MetricValueList", metadata: {}, items: [{ metricName: "http_requests", value: "1" }] },
  { metadata: { name: "hello" } },
  { kind: "JobList", metadata: null, items: [item] },
])("other JSON is a document: %j", (document) => {
  expect(answerTo(document)).toEqual({ type: "document", document });
});

test.each(["ok", "", "[+]ping ok\n", "42", "null", '"quoted"', '{"log":1}\n{"log":2}\n', "# HELP up\nup 1\n"])(
  "what is no document is text: %j",
  (text) => {
    expect(readAnswer(text)).toEqual({ type: "text", text });
  },
);
