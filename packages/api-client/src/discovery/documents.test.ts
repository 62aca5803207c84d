import { expect, test } from "vitest";
import { readGroup, readGroups, readResources, readVersions } from "./documents.ts";

const addresses = [{ clientCIDR: "0.0.0.0/0", serverAddress: "10.0.0.1:6443" }];

test("/api has the versions of the core group", () => {
  const document = { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: addresses };
  expect(readVersions(document)).toEqual(["v1"]);
  expect(readVersions({ kind: "APIVersions", versions: null })).toEqual([]);
});

const group = (name: string, preferred: string, ...versions: readonly string[]) => ({
  name,
  versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
  preferredVersion: { groupVersion: `${name}/${preferred}`, version: preferred },
});

test("of the versions of a group the preferred one comes first, and the others stay in order", () => {
  const groups = [group("batch", "v1", "v1"), group("example.com", "v1", "v2beta1", "v1beta1", "v1", "v1alpha1")];
  expect(readGroups({ kind: "APIGroupList", apiVersion: "v1", groups })).toEqual([
    { name: "batch", versions: ["v1"] },
    { name: "example.com", versions: ["v1", "v2beta1", "v1beta1", "v1alpha1"] },
  ]);
  const document = { kind: "APIGroup", apiVersion: "v1", ...group("autoscaling", "v2", "v1", "v2") };
  expect(readGroup(document)).toEqual({ name: "autoscaling", versions: ["v2", "v1"] });
});

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const scale = { group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"] };

test("a subresource is in its resource, and has the version of the list unless it says another", () => {
  const document = {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: "apps/v1",
    resources: [
      { name: "replicasets/status", singularName: "", namespaced: true, kind: "ReplicaSet", verbs: ["get", "patch"] },
      { name: "replicasets/scale", singularName: "", namespaced: true, ...scale },
      {
        name: "replicasets",
        singularName: "replicaset",
        namespaced: true,
        kind: "ReplicaSet",
        verbs,
        shortNames: ["rs"],
        categories: ["all"],
        storageVersionHash: "P1RzHs8/mWQ=",
      },
    ],
  };
  const resource = {
    group: "apps",
    version: "v1",
    plural: "replicasets",
    kind: "ReplicaSet",
    namespaced: true,
    singular: "replicaset",
    verbs,
    shortNames: ["rs"],
    categories: ["all"],
    subresources: [
      { name: "scale", apiVersion: "autoscaling/v1", kind: "Scale", verbs: ["get", "patch", "update"] },
      { name: "status", apiVersion: "apps/v1", kind: "ReplicaSet", verbs: ["get", "patch"] },
    ],
  };
  expect(readResources(document)).toEqual({ group: "apps", version: "v1", resources: [resource] });
});

test("resources come by name, those of the core group have none for it, and a singular that is missing is guessed", () => {
  const resources = [
    { name: "pods", singularName: "", namespaced: true, kind: "Pod", verbs: ["get"], shortNames: ["po"] },
    { name: "pods/log", singularName: "", namespaced: true, kind: "Pod", verbs: ["get"] },
    { name: "nodes", singularName: "", namespaced: false, kind: "Node", verbs: ["get"], shortNames: ["no"] },
  ];
  const answer = readResources({ kind: "APIResourceList", groupVersion: "v1", resources });
  expect(answer).toMatchObject({ group: "", version: "v1" });
  expect(answer?.resources[1]?.subresources).toMatchObject([{ name: "log", apiVersion: "v1", kind: "Pod" }]);
  expect(answer?.resources).toMatchObject([
    { group: "", version: "v1", plural: "nodes", singular: "node", kind: "Node", namespaced: false },
    { group: "", version: "v1", plural: "pods", singular: "pod", kind: "Pod", namespaced: true },
  ]);
});

test("custom.metrics.k8s.io has only subresources: their resource has no kind and no verbs", () => {
  const metric = { singularName: "", kind: "MetricValueList", verbs: ["get"] };
  const resources = [
    { name: "pods/http_requests", namespaced: true, ...metric },
    { name: "namespaces/http_requests", namespaced: false, ...metric },
  ];
  const groupVersion = "custom.metrics.k8s.io/v1beta1";
  const subresource = { name: "http_requests", apiVersion: groupVersion, kind: "MetricValueList", verbs: ["get"] };
  expect(readResources({ kind: "APIResourceList", groupVersion, resources })?.resources).toMatchObject([
    { plural: "namespaces", namespaced: false, kind: "", verbs: [], subresources: [subresource] },
    { plural: "pods", namespaced: true, kind: "", verbs: [], subresources: [subresource] },
  ]);
});

test("what is null, missing or of another type costs only itself", () => {
  const resources = [null, "pods", { kind: "Nameless" }, { name: "odd", verbs: null, shortNames: [1, "o"], kind: 7 }];
  const answer = readResources({ kind: "APIResourceList", groupVersion: "example.com/v1", resources });
  const empty = { kind: "", singular: "", namespaced: false, verbs: [], categories: [], subresources: [] };
  expect(answer?.resources).toEqual([
    { group: "example.com", version: "v1", plural: "odd", shortNames: ["o"], ...empty },
  ]);
  expect(readResources({ kind: "APIResourceList", groupVersion: "v1", resources: null })?.resources).toEqual([]);
  expect(readGroups({ kind: "APIGroupList", groups: null })).toEqual([]);
  expect(readGroup({ kind: "APIGroup", versions: [{ version: "v1" }] })).toEqual({ name: "", versions: ["v1"] });
});

test.each([null, "ok", [], {}, { kind: "Status" }, { kind: "PodList", items: [] }])(
  "%j is none of these",
  (document) => {
    expect([readVersions, readGroups, readGroup, readResources].map((read) => read(document))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  },
);
