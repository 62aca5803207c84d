import { describe, expect, test } from "vitest";
import { metadataGrant } from "./metadata-grant.ts";

const metadata = { name: "to-shop", namespace: "shop-eu", uid: "0d7c" };
const spec = { from: [{ namespace: "shop" }], selector: {}, fields: { fieldPaths: ["status.podIP"] } };

test("a grant is read with the namespace whose pods it shows", () => {
  expect(metadataGrant({ metadata, spec })).toEqual({ name: "to-shop", namespace: "shop-eu", spec });
});

describe("what is no grant grants nothing", () => {
  test.each<[string, unknown]>([
    ["no spec", undefined],
    ["nobody", { ...spec, from: [] }],
    ["no selector", { ...spec, selector: undefined }],
    ["no fields", { ...spec, fields: undefined }],
    ["an empty list of fields", { ...spec, fields: { fieldPaths: [] } }],
    ["a selector that can't be read", { ...spec, selector: { matchExpressions: [{ key: "app", operator: "Gt" }] } }],
  ])("%s", (_, bad) => {
    expect(metadataGrant({ metadata, spec: bad })).toEqual({ name: "to-shop", namespace: "shop-eu", spec: undefined });
  });
});

test("what has no name or namespace is no object of an API server", () => {
  expect(() => metadataGrant({ spec })).toThrow("metadata");
  expect(() => metadataGrant({ metadata: { name: "to-shop" }, spec })).toThrow("namespace");
});
