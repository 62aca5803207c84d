import { describe, expect, test } from "vitest";
import { type CustomResourceDefinition, metadataGrantCrd, metadataMirrorCrd } from "./crd.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly [keyword: string]: unknown;
}

/** Every schema of a CRD by its path, such as `.spec.items[].path`. */
function schemas(crd: CustomResourceDefinition): Map<string, Schema> {
  const found = new Map<string, Schema>();
  const walk = (path: string, schema: Schema) => {
    found.set(path, schema);
    for (const [name, below] of Object.entries(schema.properties ?? {})) walk(`${path}.${name}`, below);
    if (schema.items) walk(`${path}[]`, schema.items);
    if (schema.additionalProperties) walk(`${path}{}`, schema.additionalProperties);
  };
  for (const version of crd.spec.versions) walk("", version.schema.openAPIV3Schema as unknown as Schema);
  return found;
}

const keywords = new Set(
  "type properties additionalProperties items required enum default nullable description pattern format minimum maximum \
minLength maxLength minItems maxItems maxProperties x-kubernetes-validations x-kubernetes-list-type \
x-kubernetes-list-map-keys x-kubernetes-map-type".split(" "),
);
const intOrString = new Set(
  "anyOf x-kubernetes-int-or-string default description maxLength x-kubernetes-validations".split(" "),
);

/** What a value of this schema lacks to be bounded, if anything. Its size is what the cost of a CEL rule is reckoned by. */
function unbounded(schema: Schema): string | undefined {
  const { type, format } = schema;
  if (schema["x-kubernetes-int-or-string"] === true && schema["maxLength"] === undefined) return "maxLength";
  if (type === "string" && format !== "date-time" && !schema["enum"] && schema["maxLength"] === undefined)
    return "maxLength";
  if (type === "array" && schema["maxItems"] === undefined) return "maxItems";
  if (schema.additionalProperties && schema["maxProperties"] === undefined) return "maxProperties";
  return undefined;
}

describe.each([metadataMirrorCrd(), metadataGrantCrd()])("the CRD $metadata.name", (crd) => {
  const all = schemas(crd);
  const ours = [...all].filter(([path]) => /^\.(spec|status)/.test(path));

  test("is structural: each schema has only keywords that the API server takes, and a type or int-or-string", () => {
    for (const [path, schema] of all) {
      const allowed = schema["x-kubernetes-int-or-string"] === true ? intOrString : keywords;
      expect([path, Object.keys(schema).filter((keyword) => !allowed.has(keyword))]).toEqual([path, []]);
      if (allowed === keywords) expect(schema["type"], path).toBeTypeOf("string");
      else expect(schema["anyOf"], path).toEqual([{ type: "integer" }, { type: "string" }]);
    }
  });

  test("bounds every string, list and map", () => {
    expect(ours.map(([path, schema]) => [path, unbounded(schema)]).filter(([, missing]) => missing)).toEqual([]);
  });

  test("describes every field of the spec and its status", () => {
    const fields = ours.filter(([path]) => !/[\]}]$/.test(path) && !path.startsWith(".status.conditions[]"));
    expect(fields.filter(([, { description }]) => !description).map(([path]) => path)).toEqual([]);
  });

  test("is named by its plural and group, and has one version that is served and stored", () => {
    expect(crd.metadata.name).toBe(`${crd.spec.names.plural}.metadatamirror.dev`);
    expect(crd.spec.versions).toMatchObject([{ name: "v1alpha1", served: true, storage: true }]);
  });
});

test("a mirror has a status of its own, and a grant has none", () => {
  expect(metadataMirrorCrd().spec.versions[0]?.subresources).toEqual({ status: {} });
  expect(metadataGrantCrd().spec.versions[0]).not.toHaveProperty("subresources");
});

test("the columns of kubectl get are fields that the schema has", () => {
  for (const crd of [metadataMirrorCrd(), metadataGrantCrd()]) {
    const paths = schemas(crd);
    for (const { jsonPath } of crd.spec.versions[0]?.additionalPrinterColumns ?? []) {
      const path = jsonPath.replace(/\[[^\]]+\]/, "[]");
      if (!path.startsWith(".metadata")) expect(paths.has(path), jsonPath).toBe(true);
    }
  }
});
