import { describe, expect, test } from "vitest";
import { digest } from "../test/objects.ts";
import { configMapState, type OwnerReference } from "./config-map.ts";
import { occupation, ownerReference, ownership } from "./ownership.ts";

const mirror = { name: "web-peers", uid: "mirror-1" };
const earlier = { name: "web-peers", uid: "mirror-0" };
const label = { "metadatamirror.dev/mirror": "web-peers" };
const deletionTimestamp = "2026-11-23T18:00:00Z";
const ours = [ownerReference(mirror)];
const aPod: OwnerReference = { apiVersion: "v1", kind: "Pod", name: "web-1", uid: "p1" };

const configMap = (metadata: object) =>
  configMapState(
    { metadata: { namespace: "shop", name: "web-peers", uid: "c1", resourceVersion: "1", ...metadata } },
    digest,
  );

test("a mirror is the controller of its ConfigMaps, and doesn't block its own deletion", () => {
  expect(ownerReference(mirror)).toEqual({
    apiVersion: "metadatamirror.dev/v1alpha1",
    kind: "MetadataMirror",
    name: "web-peers",
    uid: "mirror-1",
    controller: true,
  });
});

describe("a ConfigMap", () => {
  test.each<[string, object, string]>([
    ["of this mirror", { ownerReferences: ours }, "ours"],
    ["of this mirror, among other owners", { ownerReferences: [aPod, ...ours] }, "ours"],
    ["of this mirror, whose label someone changed", { ownerReferences: ours, labels: { ...label, x: "y" } }, "ours"],
    ["of this mirror that is being deleted", { ownerReferences: ours, deletionTimestamp }, "leaving"],
    ["with our label and no owner", { labels: label }, "adoptable"],
    ["with our label and an owner that is no controller", { labels: label, ownerReferences: [aPod] }, "adoptable"],
    ["with our label and no owner, being deleted", { labels: label, deletionTimestamp }, "leaving"],
    ["of an earlier mirror of this name", { labels: label, ownerReferences: [ownerReference(earlier)] }, "leaving"],
    ["of another mirror", { ownerReferences: [ownerReference({ name: "db-peers", uid: "mirror-2" })] }, "foreign"],
    ["with the label of another mirror", { labels: { "metadatamirror.dev/mirror": "db-peers" } }, "foreign"],
    [
      "of another controller, though with our label",
      { labels: label, ownerReferences: [{ ...aPod, controller: true }] },
      "foreign",
    ],
    [
      "of a MetadataMirror of another group",
      { labels: label, ownerReferences: [{ ...ownerReference(earlier), apiVersion: "example.com/v1" }] },
      "foreign",
    ],
    ["of nobody", {}, "foreign"],
    ["of nobody, being deleted", { deletionTimestamp }, "foreign"],
  ])("%s is seen as what it is", (_, metadata, expected) => {
    expect(ownership(configMap(metadata), mirror)).toBe(expected);
  });
});

describe("the mirror leaves a ConfigMap alone", () => {
  test.each([
    ["that is someone else's", {}, "TargetConflict"],
    ["that is about to go", { ownerReferences: ours, deletionTimestamp }, "TargetLeaving"],
  ])("%s, and says why", (_, metadata, reason) => {
    expect(occupation(configMap(metadata), mirror)).toMatchObject({ reason, configMap: "web-peers" });
  });

  test.each([{ ownerReferences: ours }, { labels: label }])("but not its own: %j", (metadata) => {
    expect(occupation(configMap(metadata), mirror)).toBeUndefined();
  });
});
