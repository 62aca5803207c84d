import { expect, test } from "vitest";
import { configMap, foundMirror, sightOf } from "../testing/objects.ts";
import { statusesOf, versionsOf } from "./sight.ts";

const state = (...given: Parameters<typeof sightOf>) => [versionsOf(sightOf(...given)), statusesOf(sightOf(...given))];

test("a ConfigMap that was written, or a status that says something else, is another state; the time of the last change alone is not", () => {
  const before = state([configMap()]);
  const { status } = foundMirror();
  const timed = { ...status, lastChangeTime: "2026-11-23T18:00:00Z" };
  expect(state([configMap({ resourceVersion: "8" })])).not.toEqual(before);
  expect(state([configMap()], [foundMirror({ status: { ...status, peerCount: 1 } })])).not.toEqual(before);
  expect(state([configMap()], [foundMirror({ status: timed })])).toEqual(before);
});
