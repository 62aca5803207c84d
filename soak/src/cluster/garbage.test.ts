import { expect, test } from "vitest";
import { configMap, sightOf } from "../testing/objects.ts";
import { garbageIn } from "./garbage.ts";

test.each([
  ["of a mirror that is there", {}, false],
  ["of one that is gone", { controller: { kind: "MetadataMirror", uid: "uid-9" } }, true],
  ["that another controls", { controller: { kind: "Deployment", uid: "uid-9" } }, false],
  ["that has lost its owner, and whose mirror is there", { controller: undefined }, false],
  ["that has lost its owner, and whose mirror is gone", { controller: undefined, label: "mirror-9" }, true],
  ["that has lost its owner, of a mirror that has others by now", { controller: undefined, name: "former" }, true],
  ["of somebody else", { controller: undefined, label: "" }, false],
])("a ConfigMap %s , is it garbage?", (_, given, expected) => {
  expect(garbageIn(sightOf([configMap(given)]))).toHaveLength(expected ? 1 : 0);
});
