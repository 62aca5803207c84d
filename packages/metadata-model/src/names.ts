import * as z from "zod";

/** The API group of our resources, and the prefix of our labels and annotations. */
export const group = "metadatamirror.dev";

/** The served and stored version of our resources. */
export const version = "v1alpha1";

/** Label of every ConfigMap that we write: the name of its mirror. */
export const mirrorLabel = `${group}/mirror`;

/** Annotation of every ConfigMap that we write: which peers it holds, see `render/shard.ts`. */
export const placementAnnotation = `${group}/placement`;

/** Annotation of a first ConfigMap with documents: which of them show peers of the mirror's own namespace only, see `diff.ts`. */
export const ownDocumentsAnnotation = `${group}/own-documents`;

/** Annotation of a pod that is refreshed: what its files are to show, see `refresh.ts`. */
export const revisionAnnotation = `${group}/revision`;

/** A namespace or container name: RFC 1123 label. */
export const dnsLabel = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
