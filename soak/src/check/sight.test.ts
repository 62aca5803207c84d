import { expect, test } from "vitest";
import { configMap, foundMirror, sightOf } from "../testing/objects.ts";
import { stateOf } from "./sight.ts";

test("a ConfigMap that was written, or a status that says something else, is another state; the time of the last change alone is not", () => {
  const before = stateOf(sightOf([configMap()]));
  const { status } = foundMirror();
  const timed = { ...status, lastChangeTime: "2026-11-23T18:00:00Z" };
  expect(stateOf(sightOf([configMap({ resourceVersion: "8" })]))).not.toEqual(before);
  expect(stateOf(sightOf([configMap()], [foundMirror({ status: { ...status, peerCount: 1 } })]))).not.toEqual(before);
  expect(stateOf(sightOf([configMap()], [foundMirror({ status: timed })]))).toEqual(before);
});
