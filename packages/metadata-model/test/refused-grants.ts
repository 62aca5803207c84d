import type { Refused } from "./refused-mirrors.ts";

const from = [{ namespace: "shop" }];
const fields = { fieldPaths: ["status.podIP"] };
const withFields = (some: object) => ({ from, selector: {}, fields: some });

/** The spec of a grant that is right. */
export const rightGrant = {
  from,
  selector: { matchLabels: { app: "web" } },
  fields: { fieldPaths: ["metadata.labels", "metadata.annotations['Example.COM/x']"], resources: ["limits.cpu"] },
};

/** Specs of grants that the API server refuses by the schema: what could be mistaken for everything or nothing. */
export const refusedGrants: readonly Refused[] = [
  ["nobody to grant to", { selector: {}, fields }, "spec.from: Required value"],
  ["an empty list of whom to grant to", { from: [], selector: {}, fields }, "spec.from: Invalid value"],
  ["a namespace twice", { from: [...from, ...from], selector: {}, fields }, "spec.from[1]: Duplicate value"],
  ["every namespace", { from: [{ namespace: "*" }], selector: {}, fields }, "spec.from[0].namespace: Invalid value"],
  ["no selector", { from, fields }, "spec.selector: Required value"],
  [
    "a bad selector",
    { from, selector: { matchExpressions: [{ key: "app", operator: "NotIn" }] }, fields },
    "spec.selector.matchExpressions[0].values",
    "values is required with In and NotIn",
  ],
  ["no fields", { from, selector: {} }, "spec.fields: Required value"],
  ["fields that are none", withFields({}), "spec.fields", "at least one of fieldPaths and resources must be set"],
  ["an empty list of field paths", withFields({ fieldPaths: [] }), "spec.fields.fieldPaths: Invalid value"],
  ["an empty list of resources", withFields({ resources: [] }), "spec.fields.resources: Invalid value"],
  [
    "an unknown field path",
    withFields({ fieldPaths: ["status.podIP", "spec.containers"] }),
    "spec.fields.fieldPaths[1]",
    "unsupported field path",
  ],
  ["every field", withFields({ fieldPaths: ["*"] }), "spec.fields.fieldPaths[0]", "unsupported field path"],
  [
    "an annotation of ours",
    withFields({ fieldPaths: ["metadata.annotations['metadatamirror.dev/x']"] }),
    "spec.fields.fieldPaths[0]",
    "are never mirrored",
  ],
  [
    "a field path twice",
    withFields({ fieldPaths: ["status.podIP", "status.podIP"] }),
    'spec.fields.fieldPaths[1]: Duplicate value: "status.podIP"',
  ],
  ["an unknown resource", withFields({ resources: ["limits.gpu"] }), "spec.fields.resources[0]: Invalid value"],
  ["a field that isn't there", { from, selector: {}, fields, to: [] }, 'unknown field "spec.to"'],
];
