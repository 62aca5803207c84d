import * as z from "zod";
import { cel, listAtomic } from "./structural-schema.ts";

const labelValue = z
  .string()
  .max(63)
  .regex(/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/);

const Requirement = z
  .object({
    key: z.string().min(1).max(317).describe("The key of the label."),
    operator: z
      .enum(["In", "NotIn", "Exists", "DoesNotExist"])
      .describe("NotIn and DoesNotExist hold without the label too."),
    values: z.array(labelValue).max(100).optional().meta(listAtomic).describe("The values of In and NotIn."),
  })
  .meta(
    cel(
      {
        rule: "!format.qualifiedName().validate(self.key).hasValue()",
        message: "must be a qualified name",
        fieldPath: ".key",
      },
      {
        rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
        message: "values is required with In and NotIn, and forbidden with Exists and DoesNotExist",
        fieldPath: ".values",
      },
    ),
  );
export type Requirement = z.infer<typeof Requirement>;

/** A LabelSelector of `meta/v1`. `{}` selects everything; there is no default. */
export const LabelSelector = z
  .object({
    matchLabels: z
      .record(z.string(), labelValue)
      .optional()
      .meta({
        maxProperties: 32,
        ...cel({
          rule: "self.all(k, !format.qualifiedName().validate(k).hasValue())",
          message: "label keys must be qualified names",
        }),
      })
      .describe("Labels that the pod must have, with these values."),
    matchExpressions: z
      .array(Requirement)
      .max(32)
      .optional()
      .meta(listAtomic)
      .describe("Requirements, all of which must hold."),
  })
  .meta({ "x-kubernetes-map-type": "atomic" });
export type LabelSelector = z.infer<typeof LabelSelector>;

type Labels = Readonly<Record<string, string>>;

function meets(labels: Labels, { key, operator, values = [] }: Requirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

/** All that must hold where `selector` matches. */
export function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly Requirement[] {
  const equalities = Object.entries(matchLabels).map(
    ([key, value]): Requirement => ({ key, operator: "In", values: [value] }),
  );
  return [...equalities, ...matchExpressions];
}

/**
 * A predicate over labels with the meaning of `apimachinery/pkg/labels`: all requirements must hold, and `NotIn` holds for a
 * label that isn't there.
 */
export function labelMatcher(selector: LabelSelector): (labels: Labels) => boolean {
  const requirements = requirementsOf(selector);
  return (labels) => requirements.every((requirement) => meets(labels, requirement));
}

/** The label keys whose values decide whether `selector` matches, sorted and unique. */
export function selectorKeys(selector: LabelSelector): readonly string[] {
  return [...new Set(requirementsOf(selector).map(({ key }) => key))].toSorted();
}
