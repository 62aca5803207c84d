import * as z from "zod";
import { mirrorLabel, placementAnnotation } from "./names.ts";

/** A collision-free short name for a text. Passed in: the model has no cryptography. */
export type Digest = (text: string) => string;

const OwnerReference = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});
export type OwnerReference = z.infer<typeof OwnerReference>;

const Stored = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(OwnerReference).default([]),
  }),
  immutable: z.boolean().default(false),
  data: z.record(z.string(), z.string()).default({}),
  binaryData: z.record(z.string(), z.unknown()).default({}),
});

/** A stored ConfigMap, trimmed to what a plan compares with: a digest of each value, not the value. */
export interface ConfigMapState {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly terminating: boolean;
  /** The value of the label `metadatamirror.dev/mirror`. */
  readonly mirror: string | undefined;
  readonly ownerReferences: readonly OwnerReference[];
  readonly immutable: boolean;
  /** Key → digest of its value. */
  readonly digests: ReadonlyMap<string, string>;
  /** Keys of binaryData: we write none. */
  readonly binaryKeys: readonly string[];
  /** The ids of the peers that it holds, as `place` made them. */
  readonly placement: string;
}

/**
 * Reads a ConfigMap as the API server answers it.
 *
 * @throws ZodError where it isn't one.
 */
export function configMapState(raw: unknown, digest: Digest): ConfigMapState {
  const { metadata, immutable, data, binaryData } = Stored.parse(raw);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    terminating: metadata.deletionTimestamp !== undefined,
    mirror: metadata.labels[mirrorLabel],
    ownerReferences: metadata.ownerReferences,
    immutable,
    digests: new Map(Object.entries(data).map(([key, value]) => [key, digest(value)])),
    binaryKeys: Object.keys(binaryData),
    placement: metadata.annotations[placementAnnotation] ?? "",
  };
}
