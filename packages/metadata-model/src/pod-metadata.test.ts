import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { podMetadata } from "./pod-metadata.ts";

const identity = { namespace: "shop", name: "web-1", uid: "0d7c" };

test("a pod is trimmed to what can be asked of it", () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...identity,
      labels: { app: "web" },
      annotations: { note: "x", "metadatamirror.dev/revision": "a.2", "metadatamirror.dev": "theirs" },
      deletionTimestamp: "2026-11-23T18:00:00Z",
      managedFields: [{ manager: "kubelet" }],
    },
    spec: {
      nodeName: "node-1",
      serviceAccountName: "default",
      containers: [
        { name: "main", image: "web", resources: { requests: { cpu: 1, memory: "64Mi" }, limits: { cpu: "2" } } },
        { name: "side", env: [{ name: "SECRET", value: "x" }] },
      ],
      initContainers: [{ name: "setup", resources: { requests: { cpu: "10m" } } }],
    },
    status: {
      phase: "Running",
      conditions: [
        { type: "PodScheduled", status: "True" },
        { type: "Ready", status: "False" },
      ],
      hostIP: "10.0.0.1",
      hostIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }],
      podIP: "10.1.0.1",
      podIPs: [{ ip: "10.1.0.1" }],
    },
  };

  expect(podMetadata(pod)).toEqual({
    ...identity,
    labels: { app: "web" },
    annotations: { note: "x", "metadatamirror.dev": "theirs" },
    terminating: true,
    nodeName: "node-1",
    serviceAccountName: "default",
    phase: "Running",
    ready: "False",
    hostIP: "10.0.0.1",
    hostIPs: ["10.0.0.1", "fd00::1"],
    podIP: "10.1.0.1",
    podIPs: ["10.1.0.1"],
    containers: [
      { name: "main", requests: { cpu: "1", memory: "64Mi" }, limits: { cpu: "2" } },
      { name: "side", requests: {}, limits: {} },
      { name: "setup", requests: { cpu: "10m" }, limits: {} },
    ],
  });
});

const empty = {
  ...identity,
  labels: {},
  annotations: {},
  terminating: false,
  nodeName: "",
  serviceAccountName: "",
  phase: "",
  ready: "",
  hostIP: "",
  hostIPs: [],
  podIP: "",
  podIPs: [],
  containers: [],
};

describe("what a pod doesn't have is empty", () => {
  test("a pod of which only the identity is known", () => {
    expect(podMetadata({ metadata: identity })).toEqual(empty);
  });

  test("fields of another shape are taken for missing ones", () => {
    const pod = {
      metadata: { ...identity, labels: ["app"], annotations: null, deletionTimestamp: null },
      spec: { nodeName: 7, containers: "main", initContainers: {} },
      status: { phase: {}, conditions: [null, { type: "Ready" }], podIPs: null },
    };
    expect(podMetadata(pod)).toEqual(empty);
  });

  test("of a map only the texts and numbers are kept", () => {
    const labels = { app: "web", odd: { a: 1 }, none: null, count: 3 };
    expect(podMetadata({ metadata: { ...identity, labels } }).labels).toEqual({ app: "web", count: "3" });
  });
});

test("keys that name something of Object.prototype stay keys, and pollute nothing", () => {
  const pod: unknown = JSON.parse(
    `{"metadata":{"namespace":"shop","name":"web-1","uid":"1","annotations":{"__proto__":"p","constructor":"c","n":1}}}`,
  );
  const { annotations } = podMetadata(pod);
  expect(Object.entries(annotations)).toEqual([
    ["__proto__", "p"],
    ["constructor", "c"],
    ["n", "1"],
  ]);
  expect(Object.getPrototypeOf(annotations)).toBe(Object.prototype);
});

test("a pod without a name, namespace or uid is no pod of an API server", () => {
  for (const key of ["namespace", "name", "uid"]) {
    expect(() => podMetadata({ metadata: { ...identity, [key]: undefined } })).toThrow(TypeError);
  }
  expect(() => podMetadata(null)).toThrow(TypeError);
});

test("the property: whatever else a pod holds, it is read without an error, twice alike", () => {
  const field = fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()));
  const fields = { conditions: field, podIPs: field, containers: field, initContainers: field };
  fc.assert(
    fc.property(fc.record(fields), fc.jsonValue(), (part, labels) => {
      const pod = { metadata: { ...identity, labels }, spec: part, status: part };
      expect(podMetadata(pod)).toEqual(podMetadata(structuredClone(pod)));
    }),
  );
});
