import { describe, expect, test } from "vitest";
import * as z from "zod";
import { cel, intOrString, listAtomic, listMap, listSet, structuralSchema } from "./structural-schema.ts";

describe("a schema for the API server", () => {
  test("has what Kubernetes adds to OpenAPI beside what zod says", () => {
    const schema = z
      .object({ name: z.string().max(9).describe("A name.") })
      .meta(cel({ rule: "self.name != ''", message: "must be set", fieldPath: ".name" }));
    expect(structuralSchema(schema)).toEqual({
      type: "object",
      properties: { name: { type: "string", maxLength: 9, description: "A name." } },
      required: ["name"],
      "x-kubernetes-validations": [{ rule: "self.name != ''", message: "must be set", fieldPath: ".name" }],
    });
  });

  test("names how a list is owned and merged", () => {
    const list = z.array(z.string().max(1)).max(1);
    expect(structuralSchema(list.meta(listMap("a", "b")))).toMatchObject({
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["a", "b"],
    });
    expect(structuralSchema(list.meta(listSet))).toMatchObject({ "x-kubernetes-list-type": "set" });
    expect(structuralSchema(list.meta(listAtomic))).toMatchObject({ "x-kubernetes-list-type": "atomic" });
  });

  test("says int-or-string in the one form that is structural, also with bounds and a default", () => {
    expect(structuralSchema(intOrString.meta({ maxLength: 8 }).default("0"))).toEqual({
      anyOf: [{ type: "integer" }, { type: "string" }],
      "x-kubernetes-int-or-string": true,
      maxLength: 8,
      default: "0",
    });
  });

  test("does not ask for what has a default, and says the default", () => {
    const schema = z.object({ inner: z.object({ size: z.int().default(3) }).prefault({}) });
    expect(structuralSchema(schema)).toEqual({
      type: "object",
      properties: { inner: { type: "object", default: {}, properties: { size: { type: "integer", default: 3 } } } },
    });
  });

  test("can't be made of what has no JSON", () => {
    expect(() => structuralSchema(z.object({ big: z.bigint() }))).toThrow("BigInt");
  });
});
