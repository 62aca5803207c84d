import * as z from "zod";

/** One CEL rule of a schema: what must hold, what the API server says when it doesn't, and of which field it speaks. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string;
}

/** CEL rules as `.meta()` of a schema takes them. The API server runs them; zod does not. */
export function cel(...rules: readonly CelRule[]) {
  return { "x-kubernetes-validations": rules };
}

/** A list that the API server keys by `keys`: two entries with the same keys are refused as duplicates. */
export function listMap(...keys: readonly string[]) {
  return { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys };
}

/** A list whose entries are unique scalars. */
export const listSet = { "x-kubernetes-list-type": "set" };

/** A list that has one owner as a whole. */
export const listAtomic = { "x-kubernetes-list-type": "atomic" };

/** An integer or a string, as Kubernetes takes quantities: people write `divisor: 1`. */
export const intOrString = z.union([z.int(), z.string()]).meta({ "x-kubernetes-int-or-string": true });

/**
 * The OpenAPI v3 schema of `schema` as a CustomResourceDefinition takes it (structural: rules 1 to 4 of
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema).
 *
 * Every string, array and map of `schema` must be bounded, else the API server refuses its CEL rules as too costly. `.refine` and
 * `.transform` are lost here without a word: say such rules in CEL.
 */
export function structuralSchema(schema: z.ZodType): unknown {
  const json = z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    reused: "inline",
    cycles: "throw",
    unrepresentable: "throw",
    override: ({ jsonSchema }) => {
      // zod's bounds of a safe integer say nothing to a user, and int-or-string may not have them
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return JSON.parse(JSON.stringify(json)) as unknown;
}
