import * as z from "zod";
import { fieldPathText, resourceName } from "./item.ts";
import { LabelSelector } from "./label-selector.ts";
import { dnsLabel } from "./names.ts";
import { cel, listMap, listSet } from "./structural-schema.ts";

const Fields = z
  .object({
    fieldPaths: z
      .array(fieldPathText)
      .min(1)
      .max(64)
      .optional()
      .meta(listSet)
      .describe("Field paths. metadata.labels and metadata.annotations cover their subscripts, never the reverse."),
    resources: z
      .array(resourceName)
      .min(1)
      .max(32)
      .optional()
      .meta(listSet)
      .describe("Resources of containers, such as limits.memory (which may show the allocatable of the node)."),
  })
  .meta(
    cel({
      rule: "has(self.fieldPaths) || has(self.resources)",
      message: "at least one of fieldPaths and resources must be set",
    }),
  );

/** What the owner of a namespace writes there to let mirrors of other namespaces see some fields of some of its pods. */
export const MetadataGrantSpec = z
  .object({
    from: z
      .array(z.object({ namespace: dnsLabel.describe("The namespace of the mirrors.") }))
      .min(1)
      .max(64)
      .meta(listMap("namespace"))
      .describe("The namespaces whose mirrors may see the pods."),
    selector: LabelSelector.describe("Which pods of this namespace. {} is every pod; there is no default."),
    fields: Fields.describe("Which of their fields. What a mirror selects by or a format shows must be among them."),
  })
  .describe("Who may see which fields of which pods of this namespace.");
export type MetadataGrantSpec = z.infer<typeof MetadataGrantSpec>;

/** A stored grant. `namespace` is that of the pods that it shows. */
export interface MetadataGrant {
  readonly namespace: string;
  readonly name: string;
  /** Undefined where the API server stores what is no grant: it grants nothing. */
  readonly spec: MetadataGrantSpec | undefined;
}

/** Whether `grant` is for the mirrors of `namespace`. */
export function isGrantTo(namespace: string, { spec }: Pick<MetadataGrant, "spec">): boolean {
  return spec?.from.some((from) => from.namespace === namespace) ?? false;
}

const Stored = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.unknown().optional(),
});

/**
 * Reads a MetadataGrant as the API server answers it. A spec that the schema doesn't take grants nothing.
 *
 * @throws ZodError where it isn't an object of the API server at all.
 */
export function metadataGrant(raw: unknown): MetadataGrant {
  const stored = Stored.parse(raw);
  return { ...stored.metadata, spec: MetadataGrantSpec.safeParse(stored.spec).data };
}
