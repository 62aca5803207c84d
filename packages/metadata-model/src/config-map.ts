import * as z from "zod";
import { mirrorLabel, ownDocumentsAnnotation, placementAnnotation } from "./names.ts";
import { utf8Length } from "./utf8.ts";

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

const Metadata = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  ownerReferences: z.array(OwnerReference).default([]),
  finalizers: z.array(z.string()).default([]),
  generateName: z.string().default(""),
});

const Stored = z.object({
  metadata: Metadata,
  immutable: z.boolean().default(false),
  data: z.record(z.string(), z.string()).default({}),
  binaryData: z.record(z.string(), z.unknown()).default({}),
});

const Written = z.object({ metadata: Metadata });

const emptyMap = "{}";

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
  /** Key → bytes of its value, of documents only. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Keys of binaryData: we write none. */
  readonly binaryKeys: readonly string[];
  /** The ids of the peers that it holds, as `render/shard.ts` writes them. */
  readonly placement: string;
  /** The documents that show peers of the mirror's own namespace only, by their keys. */
  readonly own: string;
  /** What it weighs beside its data and placement, by what others put there: labels, annotations, owners and binary data, in bytes. */
  readonly restBytes: number;
  /** Whether others have put nothing into its metadata, but perhaps an owner: then a manifest of ours is all of it. */
  readonly isPlain: boolean;
}

function fromMetadata(metadata: z.infer<typeof Metadata>) {
  const { namespace, name, uid, resourceVersion, ownerReferences } = metadata;
  return {
    namespace,
    name,
    uid,
    resourceVersion,
    ownerReferences,
    terminating: metadata.deletionTimestamp !== undefined,
    mirror: metadata.labels[mirrorLabel],
    placement: metadata.annotations[placementAnnotation] ?? "",
    own: metadata.annotations[ownDocumentsAnnotation] ?? "",
    isPlain: isPlain(metadata),
  };
}

const ourAnnotations: readonly string[] = [placementAnnotation, ownDocumentsAnnotation];

function isPlain({ labels, annotations, finalizers, generateName }: z.infer<typeof Metadata>): boolean {
  return (
    Object.keys(labels).every((key) => key === mirrorLabel) &&
    Object.keys(annotations).every((key) => ourAnnotations.includes(key)) &&
    finalizers.length === 0 &&
    generateName === ""
  );
}

function restBytes({ labels, annotations, ownerReferences }: z.infer<typeof Metadata>): number {
  const { [placementAnnotation]: _, ...rest } = annotations;
  return utf8Length(JSON.stringify([labels, rest, ownerReferences]));
}

/**
 * Reads a ConfigMap as the API server answers it.
 *
 * @throws ZodError where it isn't one.
 */
export function configMapState(raw: unknown, digest: Digest): ConfigMapState {
  const { metadata, immutable, data, binaryData } = Stored.parse(raw);
  return {
    ...fromMetadata(metadata),
    immutable,
    digests: new Map(Object.entries(data).map(([key, value]) => [key, digest(value)])),
    sizes: new Map(
      Object.entries(data).flatMap(([key, value]) => (isDocument(key) ? [[key, utf8Length(value)] as const] : [])),
    ),
    binaryKeys: Object.keys(binaryData),
    restBytes: restBytes(metadata) + utf8Length(JSON.stringify(binaryData)) - emptyMap.length,
  };
}

/** Whether a value of this key is a document, rather than a file of one peer, whose key is `<pod>_<path>`. */
export function isDocument(key: string): boolean {
  return !key.includes("_");
}

/** The part of a ConfigMap that is its data. */
export type HeldData = Pick<ConfigMapState, "digests" | "sizes">;

/**
 * What a ConfigMap is after we wrote it to hold `held`, from the metadata alone that the API server answered.
 *
 * @throws ZodError where the answer has no metadata of a ConfigMap.
 */
export function writtenState(raw: unknown, { digests, sizes }: HeldData): ConfigMapState {
  const { metadata } = Written.parse(raw);
  const bytes = restBytes(metadata);
  return { ...fromMetadata(metadata), immutable: false, digests, sizes, binaryKeys: [], restBytes: bytes };
}
