import { expect, test } from "vitest";
import type { DiscoveredResource, Discovery } from "./discovery.ts";
import { findResource, resourceOf } from "./finder.ts";

type Served = Partial<DiscoveredResource> & Pick<DiscoveredResource, "plural" | "kind">;

function resourceFrom(group: string, version: string, served: Served): DiscoveredResource {
  const singular = served.kind.toLowerCase();
  const nothing = { verbs: [], shortNames: [], categories: [], subresources: [] };
  return { group, version, singular, namespaced: true, ...nothing, ...served };
}

function groupFrom(name: string, versions: Readonly<Record<string, readonly Served[]>>) {
  return {
    name,
    versions: Object.entries(versions).map(([version, resources]) => ({
      version,
      resources: resources.map((served) => resourceFrom(name, version, served)),
    })),
  };
}

const scaler = { plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler", shortNames: ["hpa"] };
const discovery: Discovery = {
  groups: [
    groupFrom("", {
      v1: [
        { plural: "events", kind: "Event", shortNames: ["ev"] },
        { plural: "namespaces", kind: "Namespace", shortNames: ["ns"], namespaced: false },
        { plural: "pods", kind: "Pod", shortNames: ["po"] },
        { plural: "services", kind: "Service", shortNames: ["svc"] },
      ],
    }),
    groupFrom("apps", { v1: [{ plural: "deployments", kind: "Deployment", shortNames: ["deploy"] }] }),
    groupFrom("events.k8s.io", { v1: [{ plural: "events", kind: "Event", shortNames: ["ev"] }] }),
    groupFrom("autoscaling", { v2: [scaler], v1: [scaler, { plural: "legacies", kind: "Legacy" }] }),
    groupFrom("batch", { v1: [{ plural: "jobs", kind: "Job" }] }),
    // kubectl would take the first of these for `backups`
    groupFrom("aaa.example", {
      v1: [
        { plural: "backups", kind: "Backup", shortNames: ["bk", "svc"] },
        { plural: "sparejobs", kind: "Job" },
        { plural: "twins", kind: "Twin" },
        { plural: "doubles", kind: "Twin", singular: "double" },
        { plural: "gears", kind: "Gadget", singular: "gear" },
        { plural: "tools", kind: "Tool", shortNames: ["gadget"] },
        { plural: "gateways", kind: "Gateway" },
        { plural: "probes", kind: "Probe" },
      ],
    }),
    groupFrom("velero.io", {
      v1: [{ plural: "backups", kind: "Backup" }],
      v1alpha1: [{ plural: "backups", kind: "Backup" }],
    }),
    groupFrom("custom.metrics.k8s.io", { v1beta1: [{ plural: "gauges", kind: "" }] }),
    groupFrom("metrics.k8s.io", { v1beta1: [{ plural: "pods", kind: "PodMetrics" }] }),
    groupFrom("gateway.networking.k8s.io", { v1: [{ plural: "gateways", kind: "Gateway" }] }),
    groupFrom("checks.kubernetes.io", { v1: [{ plural: "probes", kind: "Probe" }] }),
    // a group named as a version
    groupFrom("v1.odd", { v3: [{ plural: "oddities", kind: "Oddity" }] }),
  ],
  unavailable: [],
};

test.each([
  ["pods", "/v1 pods"],
  ["pod", "/v1 pods"],
  ["po", "/v1 pods"],
  ["Pod", "/v1 pods"],
  ["PODS", "/v1 pods"],
  ["pods.v1.", "/v1 pods"],
  ["pods.metrics.k8s.io", "metrics.k8s.io/v1beta1 pods"],
  ["PodMetrics", "metrics.k8s.io/v1beta1 pods"],
  ["deploy", "apps/v1 deployments"],
  ["deploy.apps", "apps/v1 deployments"],
  ["Deployment.v1.apps", "apps/v1 deployments"],
  ["jobs.v1.batch", "batch/v1 jobs"],
  ["hpa", "autoscaling/v2 horizontalpodautoscalers"],
  ["hpa.v1.autoscaling", "autoscaling/v1 horizontalpodautoscalers"],
  ["legacies", "autoscaling/v1 legacies"],
  ["events", "/v1 events"],
  ["ev.events.k8s.io", "events.k8s.io/v1 events"],
  ["svc", "/v1 services"],
  ["svc.aaa.example", "aaa.example/v1 backups"],
  ["job", "batch/v1 jobs"],
  ["backups.velero.io", "velero.io/v1 backups"],
  ["backups.v1alpha1.velero.io", "velero.io/v1alpha1 backups"],
  ["oddities.v1.odd", "v1.odd/v3 oddities"],
  ["Gadget", "aaa.example/v1 tools"],
  ["gateways", "gateway.networking.k8s.io/v1 gateways"],
  ["probes", "checks.kubernetes.io/v1 probes"],
  ["Twin", "aaa.example/v1 twins"],
  ["bk", "aaa.example/v1 backups"],
])("%s is %s", (name, found) => {
  const { group, version, plural } = findResource(discovery, name);
  expect(`${group}/${version} ${plural}`).toBe(found);
});

test("the resource is what list, get and watch take", () => {
  expect(resourceOf(discovery, "ns")).toEqual({
    group: "",
    version: "v1",
    plural: "namespaces",
    kind: "Namespace",
    namespaced: false,
  });
});

test("a name that several groups have, none of them Kubernetes' own, is refused with all of them", () => {
  expect(() => findResource(discovery, "backup")).toThrow(
    '[bad-request] "backup" may be any of backups.v1.aaa.example, backups.v1.velero.io: say which',
  );
});

test("a kind that two resources of a group have is refused with both", () => {
  const twins = { plural: "twins", kind: "Twin", singular: "one" };
  const version = { v1: [twins, { ...twins, plural: "doubles", singular: "other" }] };
  expect(() => findResource({ ...discovery, groups: [groupFrom("aaa.example", version)] }, "Twin")).toThrow(
    '[bad-request] "Twin" may be any of twins.v1.aaa.example, doubles.v1.aaa.example: say which',
  );
  expect(() => findResource({ ...discovery, groups: [groupFrom("apps", version)] }, "Twin")).toThrow("[bad-request]");
});

test.each([
  ["podz", "; like it: pods, pods.v1beta1.metrics.k8s.io"],
  ["deploymnet", "; like it: deployments.v1.apps"],
  ["deployments.batch", "; like it: deployments.v1.apps"],
  ["jobs.apps", "; like it: jobs.v1.batch"],
  ["hpa.v3.autoscaling", "; like it: horizontalpodautoscalers.v2.autoscaling, horizontalpodautoscalers.v1.autoscaling"],
  ["gauges", ""],
  ["unicorns", ""],
  ["", ""],
  [".", ""],
])("%j is not there, which is said with what is like it", (name, like) => {
  expect(() => findResource(discovery, name)).toThrow(
    expect.objectContaining({ code: "not-found", message: `[not-found] the server has no resource "${name}"${like}` }),
  );
});

test("what is missing may be of a version that could not be looked into", () => {
  const unavailable = [{ group: "metrics.k8s.io", version: "v1beta1", reason: "service unavailable" }];
  expect(() => findResource({ ...discovery, unavailable }, "PodGroup")).toThrow(
    'no resource "PodGroup"; not looked into, since unavailable: metrics.k8s.io/v1beta1 (service unavailable)',
  );
});

test("of much that is like it only some is named", () => {
  const many = Array.from({ length: 9 }, (_, index) => ({ plural: `jobs${index}`, kind: `Jobs${index}` }));
  const groups = [groupFrom("batch", { v1: many })];
  const six = many.slice(0, 6).map(({ plural }) => `${plural}.v1.batch`);
  expect(() => findResource({ groups, unavailable: [] }, "job")).toThrow(`like it: ${six.join(", ")} and 3 more`);
});
