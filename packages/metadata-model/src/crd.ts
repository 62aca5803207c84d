import { MetadataGrantSpec } from "./metadata-grant.ts";
import { MetadataMirrorSpec, MetadataMirrorStatus } from "./metadata-mirror.ts";
import { group, version } from "./names.ts";
import { cel, structuralSchema } from "./structural-schema.ts";

interface Names {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
}

interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  readonly priority?: number;
}

const age: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

interface Resource {
  readonly names: Names;
  readonly columns: readonly PrinterColumn[];
  readonly description: string;
  readonly spec: unknown;
  readonly status?: unknown;
  readonly rules?: object;
}

function customResourceDefinition({ names, columns, description, spec, status, rules = {} }: Resource) {
  const openAPIV3Schema = {
    type: "object",
    description,
    required: ["spec"],
    ...rules,
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec,
      ...(status === undefined ? {} : { status }),
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${names.plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { ...names, listKind: `${names.kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          ...(status === undefined ? {} : { subresources: { status: {} } }),
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema },
        },
      ],
    },
  };
}
export type CustomResourceDefinition = ReturnType<typeof customResourceDefinition>;

const condition = (type: string) => `.status.conditions[?(@.type=="${type}")]`;

/** The CustomResourceDefinition of MetadataMirror, generated from its zod schema. */
export function metadataMirrorCrd(): CustomResourceDefinition {
  return customResourceDefinition({
    names: { kind: "MetadataMirror", plural: "metadatamirrors", singular: "metadatamirror", shortNames: ["mm"] },
    description: "A MetadataMirror keeps ConfigMaps in sync with fields of the pods that it selects.",
    columns: [
      { name: "Ready", type: "string", jsonPath: `${condition("Ready")}.status` },
      { name: "Reason", type: "string", jsonPath: `${condition("Ready")}.reason` },
      { name: "Fresh", type: "string", jsonPath: `${condition("Fresh")}.status` },
      { name: "Peers", type: "integer", jsonPath: ".status.peerCount" },
      { name: "Shards", type: "integer", jsonPath: ".status.shardCount" },
      { name: "ConfigMap", type: "string", jsonPath: ".spec.output.configMapName", priority: 1 },
      { name: "Last Change", type: "date", jsonPath: ".status.lastChangeTime" },
      age,
    ],
    spec: structuralSchema(MetadataMirrorSpec),
    status: structuralSchema(MetadataMirrorStatus),
    rules: cel({
      rule: "self.metadata.name.size() <= 63",
      message: "metadata.name must be at most 63 characters: it becomes a label value",
    }),
  });
}

/** The CustomResourceDefinition of MetadataGrant, generated from its zod schema. */
export function metadataGrantCrd(): CustomResourceDefinition {
  return customResourceDefinition({
    names: { kind: "MetadataGrant", plural: "metadatagrants", singular: "metadatagrant", shortNames: ["mg"] },
    description: "A MetadataGrant lets mirrors of other namespaces see some fields of some pods of its own namespace.",
    columns: [{ name: "From", type: "string", jsonPath: ".spec.from[*].namespace" }, age],
    spec: structuralSchema(MetadataGrantSpec),
  });
}
