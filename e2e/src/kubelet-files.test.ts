import { expect, test } from "vitest";
import { asMirrored } from "./kubelet-files.ts";

test("of the kubelet's file of annotations, only what the mirror means to leave out is left out", () => {
  const annotations = [
    'a="kubernetes.io/config.seen=\\"x\\"\\nmetadatamirror.dev/x=\\"y\\""',
    'example.com/metadatamirror.dev="kept"',
    'kubectl.kubernetes.io/last-applied-configuration="{}"',
    'kubectl.kubernetes.io/restartedAt="kept"',
    'kubernetes.io/config.hash="kept"',
    'kubernetes.io/config.seen="2026-11-24"',
    'kubernetes.io/config.source="api"',
    'metadatamirror.dev/revision="x"',
  ];
  const kept = [annotations[0], annotations[1], annotations[3], annotations[4]].join("\n");
  expect(asMirrored({ annotations: annotations.join("\n"), labels: "metadatamirror.dev/x=" })).toEqual({
    annotations: kept,
    labels: "metadatamirror.dev/x=",
  });
});

test("a volume without a file of all annotations stays as it is", () => {
  expect(asMirrored({ name: "a" })).toEqual({ name: "a" });
});
