import { metadataGrantCrd, metadataMirrorCrd } from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { crdsYaml } from "./crds.ts";

test("the YAML reads back to the CustomResourceDefinitions, a document each", () => {
  const documents = [...parseAllDocuments(crdsYaml())];
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  expect(documents.map((document) => document.toJS())).toEqual([metadataMirrorCrd(), metadataGrantCrd()]);
});

test("it is spelled out, with no anchors or aliases, which a reader would have to resolve", () => {
  expect(crdsYaml()).not.toMatch(/[\s-][&*]a\d/);
});
