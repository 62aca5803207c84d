import { expect, test } from "vitest";
import { readAggregated } from "./aggregated.ts";
import { readResources } from "./documents.ts";

const kind = (name: string, group = "", version = "") => ({ group, version, kind: name });

/** As a server of 1.35 gives them, with fewer groups. */
function aggregated(apiVersion: string, ...items: readonly object[]) {
  return { kind: "APIGroupDiscoveryList", apiVersion, metadata: {}, items };
}

const batch = {
  metadata: { name: "batch", creationTimestamp: null },
  versions: [
    {
      version: "v1",
      resources: [
        {
          resource: "cronjobs",
          responseKind: kind("CronJob"),
          scope: "Namespaced",
          singularResource: "cronjob",
          verbs: ["create", "get", "list"],
          shortNames: ["cj"],
          categories: ["all"],
          subresources: [{ subresource: "status", responseKind: kind("CronJob"), verbs: ["get", "patch"] }],
        },
      ],
      freshness: "Current",
    },
  ],
};
const cronJobs = {
  group: "batch",
  version: "v1",
  plural: "cronjobs",
  kind: "CronJob",
  namespaced: true,
  singular: "cronjob",
  verbs: ["create", "get", "list"],
  shortNames: ["cj"],
  categories: ["all"],
  subresources: [{ name: "status", apiVersion: "batch/v1", kind: "CronJob", verbs: ["get", "patch"] }],
};

test.each(["v2", "v2beta1"])("a list of %s says all of a group at once", (version) => {
  const document = aggregated(`apidiscovery.k8s.io/${version}`, batch);
  const groups = [{ name: "batch", versions: [{ version: "v1", resources: [cronJobs] }] }];
  expect(readAggregated(document)).toEqual({ groups, unavailable: [] });
});

test("a stale version is unavailable, with what is remembered of it too, and a group of nothing else is not there", () => {
  const [current] = batch.versions;
  const mixed = { metadata: { name: "batch" }, versions: [{ ...current, version: "v2", freshness: "Stale" }, current] };
  const down = { metadata: { name: "metrics.k8s.io" }, versions: [{ version: "v1beta1", freshness: "Stale" }] };
  const discovery = readAggregated(aggregated("apidiscovery.k8s.io/v2", mixed, down));
  expect(discovery?.groups.map(({ name, versions }) => [name, versions.map(({ version }) => version)])).toEqual([
    ["batch", ["v1"]],
  ]);
  expect(discovery?.unavailable).toMatchObject([
    { group: "batch", version: "v2" },
    {
      group: "metrics.k8s.io",
      version: "v1beta1",
      reason: expect.stringContaining("kubectl get apiservice v1beta1.metrics.k8s.io"),
    },
  ]);
});

test("it says the same as the document of the version itself", () => {
  const version = {
    version: "v1beta1",
    freshness: "Current",
    resources: [
      {
        // of custom.metrics.k8s.io, as the API server converts it
        resource: "pods",
        responseKind: kind(""),
        scope: "Namespaced",
        singularResource: "",
        verbs: null,
        subresources: [
          { subresource: "http_requests", responseKind: kind("MetricValueList"), verbs: ["get"] },
          { subresource: "scale", responseKind: kind("Scale", "autoscaling", "v1"), verbs: ["get"] },
          { subresource: "raw", verbs: ["get"] },
        ],
      },
      { resource: "nodes", responseKind: kind("Node"), scope: "Cluster", singularResource: "", verbs: ["get"] },
    ],
  };
  const group = { metadata: { name: "custom.metrics.k8s.io" }, versions: [version] };
  const own = {
    kind: "APIResourceList",
    groupVersion: "custom.metrics.k8s.io/v1beta1",
    resources: [
      { name: "nodes", singularName: "", namespaced: false, kind: "Node", verbs: ["get"] },
      { name: "pods/http_requests", singularName: "", namespaced: true, kind: "MetricValueList", verbs: ["get"] },
      { name: "pods/scale", namespaced: true, group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get"] },
      { name: "pods/raw", singularName: "", namespaced: true, kind: "", verbs: ["get"] },
    ],
  };
  const discovery = readAggregated(aggregated("apidiscovery.k8s.io/v2", group));
  expect(discovery?.groups[0]?.versions[0]?.resources).toEqual(readResources(own)?.resources);
  expect(readResources(own)?.resources.map(({ plural }) => plural)).toEqual(["nodes", "pods"]);
});

test("the core group is the one without a name", () => {
  const document = aggregated("apidiscovery.k8s.io/v2", {
    metadata: {},
    versions: [{ version: "v1", resources: null }],
  });
  expect(readAggregated(document)?.groups).toEqual([{ name: "", versions: [{ version: "v1", resources: [] }] }]);
});

test.each([
  null,
  "ok",
  {},
  { kind: "APIGroupList", groups: [] },
  aggregated("apidiscovery.k8s.io/v3"),
  aggregated("v2"),
])("%j is another document", (document) => {
  expect(readAggregated(document)).toBeUndefined();
});
