import { describe, expect, test } from "vitest";
import { digest } from "../test/objects.ts";
import { configMapState } from "./config-map.ts";
import { configMapManifest, configMapPatch, configMapReplacement, heldAfter } from "./diff.ts";
import { ownerReference } from "./ownership.ts";
import type { ShardData } from "./render/shard.ts";
import { valueOf } from "./render/value.ts";

const mirror = { name: "web-peers", uid: "mirror-1" };

const data = (values: Record<string, string>, placement = "a b", kept: readonly string[] = []): ShardData => ({
  values: new Map(Object.entries(values).map(([key, value]) => [key, valueOf(value, digest)])),
  kept: new Set(kept),
  own: kept.join(" "),
  placement,
  size: 0,
});
const metadata = {
  namespace: "shop",
  name: "web-peers",
  uid: "c1",
  resourceVersion: "7",
  labels: { "metadatamirror.dev/mirror": "web-peers" },
  annotations: { "metadatamirror.dev/placement": "a b" },
  ownerReferences: [ownerReference(mirror)],
};
const patch = (stored: object, wanted: ShardData) =>
  configMapPatch(configMapState({ metadata, ...stored }, digest), mirror, wanted)?.();
const ownDocuments = "metadatamirror.dev/own-documents";
const precondition = { resourceVersion: "7" };

test("a new ConfigMap has the data, our label, the placement and the mirror for its controller", () => {
  expect(configMapManifest("shop", "web-peers-1", mirror, data({ a_ip: "1" }))).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      namespace: "shop",
      name: "web-peers-1",
      labels: { "metadatamirror.dev/mirror": "web-peers" },
      annotations: { "metadatamirror.dev/placement": "a b" },
      ownerReferences: [ownerReference(mirror)],
    },
    data: { a_ip: "1" },
  });
});

describe("a patch", () => {
  test("is none where nothing differs", () => {
    expect(patch({ data: { a_ip: "1" } }, data({ a_ip: "1" }))).toBeUndefined();
    expect(patch({}, data({}))).toBeUndefined();
  });

  test("holds only the keys that changed, came or went", () => {
    const stored = { data: { same: "1", changed: "1", gone: "1" } };
    expect(patch(stored, data({ same: "1", changed: "2", come: "1" }))).toEqual({
      metadata: precondition,
      data: { changed: "2", come: "1", gone: null },
    });
  });

  test("leaves what is kept as it is, and makes nothing of what is kept and isn't there", () => {
    const kept = ["a.cfg", "b.cfg"];
    const own = { metadata: { ...metadata, annotations: { ...metadata.annotations, [ownDocuments]: "a.cfg b.cfg" } } };
    expect(patch({ ...own, data: { "a.cfg": "good" } }, data({}, "a b", kept))).toBeUndefined();
    expect(patch({ ...own, data: { "a.cfg": "good", gone: "1" } }, data({ x: "1" }, "a b", kept))).toEqual({
      metadata: precondition,
      data: { x: "1", gone: null },
    });
  });

  test("takes away what would be kept, but isn't known to show the mirror's own namespace only", () => {
    expect(patch({ data: { "a.cfg": "of others" } }, data({}, "a b", ["a.cfg"]))).toEqual({
      metadata: { ...precondition, annotations: { [ownDocuments]: "a.cfg" } },
      data: { "a.cfg": null },
    });
  });

  test("says no longer that documents show that only", () => {
    const own = { metadata: { ...metadata, annotations: { ...metadata.annotations, [ownDocuments]: "a.cfg" } } };
    expect(patch(own, data({}))).toEqual({ metadata: { ...precondition, annotations: { [ownDocuments]: null } } });
  });

  test("tells an empty value from a missing one", () => {
    expect(patch({ data: { a_ip: "" } }, data({ a_ip: "" }))).toBeUndefined();
    expect(patch({}, data({ a_ip: "" }))).toEqual({ metadata: precondition, data: { a_ip: "" } });
  });

  test("takes binary data away, which we never write", () => {
    expect(patch({ data: {}, binaryData: { a_ip: "AA==" } }, data({ a_ip: "1" }))).toEqual({
      metadata: precondition,
      data: { a_ip: "1" },
      binaryData: { a_ip: null },
    });
  });

  test("puts the placement right", () => {
    expect(patch({}, data({}, "b"))).toEqual({
      metadata: { ...precondition, annotations: { "metadatamirror.dev/placement": "b" } },
    });
  });

  test.each([[undefined], [{ "metadatamirror.dev/mirror": "other" }]])(
    "puts our label back where it was %j",
    (labels) => {
      expect(patch({ metadata: { ...metadata, labels } }, data({}))).toEqual({
        metadata: { ...precondition, labels: { "metadatamirror.dev/mirror": "web-peers" } },
      });
    },
  );

  test("takes over what has no controller, and leaves it its other owners", () => {
    const other = { apiVersion: "v1", kind: "Pod", name: "web-1", uid: "p1" };
    expect(patch({ metadata: { ...metadata, ownerReferences: [other] } }, data({}))).toEqual({
      metadata: { ...precondition, ownerReferences: [other, ownerReference(mirror)] },
    });
  });
});

describe("a replacement", () => {
  const replacement = (stored: object, wanted: ShardData) =>
    configMapReplacement(configMapState({ metadata, ...stored }, digest), mirror, wanted);

  test("is the ConfigMap as it would be created, in the place of the very version that was seen", () => {
    const wanted = data({ a_ip: "2" }, "a");
    const manifest = configMapManifest("shop", "web-peers", mirror, wanted);
    const seen = { uid: "c1", resourceVersion: "7" };
    const stored = { data: { a_ip: "1", gone: "1" }, binaryData: { b_ip: "AA==" } };
    expect(replacement(stored, wanted)).toEqual({ ...manifest, metadata: { ...manifest.metadata, ...seen } });
  });

  test("puts the owner in that is missing", () => {
    expect(replacement({ metadata: { ...metadata, ownerReferences: [] } }, data({}))).toMatchObject({
      metadata: { ownerReferences: [ownerReference(mirror)] },
    });
  });

  test.each([
    ["somebody's label", { labels: { ...metadata.labels, team: "x" } }],
    ["somebody's finalizer", { finalizers: ["example.com/keep"] }],
    ["another owner", { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "web-1", uid: "p1" }] }],
  ])("is none where it would take away %s", (_, theirs) => {
    expect(replacement({ metadata: { ...metadata, ...theirs } }, data({ a_ip: "2" }))).toBeUndefined();
  });

  test("is none where a document is kept that isn't known", () => {
    const annotations = { ...metadata.annotations, [ownDocuments]: "a.cfg" };
    const stored = { metadata: { ...metadata, annotations }, data: { "a.cfg": "good" } };
    expect(replacement(stored, data({ a_ip: "2" }, "a b", ["a.cfg"]))).toBeUndefined();
    expect(replacement(stored, data({ a_ip: "2" }, "a b", ["b.cfg"]))).toBeDefined();
  });
});

describe("what a ConfigMap holds after a write", () => {
  test("is the data, and what is kept as it was", () => {
    const annotations = { ...metadata.annotations, [ownDocuments]: "a.cfg b.cfg" };
    const raw = { metadata: { ...metadata, annotations }, data: { "a.cfg": "good", "c.cfg": "old", a_ip: "1" } };
    const before = configMapState(raw, digest);
    const wanted = data({ a_ip: "2", "c.cfg": "new!" }, "a b", ["a.cfg", "b.cfg"]);
    const after = configMapState({ metadata, data: { a_ip: "2", "c.cfg": "new!", "a.cfg": "good" } }, digest);
    expect(heldAfter(before, wanted)).toEqual({ digests: after.digests, sizes: after.sizes });
  });

  test("is the data alone where there was nothing", () => {
    expect(heldAfter(undefined, data({ "c.cfg": "é" }, "", ["a.cfg"]))).toEqual({
      digests: new Map([["c.cfg", digest("é")]]),
      sizes: new Map([["c.cfg", 2]]),
    });
  });
});
