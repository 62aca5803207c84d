import type { Resource } from "@metadata-mirror/api-client";

const ours = { group: "metadatamirror.dev", version: "v1alpha1", namespaced: true };

/** The `apiVersion` of mirrors and grants. */
export const ourVersion = `${ours.group}/${ours.version}`;

export const metadataMirrors: Resource = { ...ours, plural: "metadatamirrors", kind: "MetadataMirror" };
export const metadataGrants: Resource = { ...ours, plural: "metadatagrants", kind: "MetadataGrant" };

/** Of `metadata.labels` of each ConfigMap of a mirror: the mirror's name. */
export const mirrorLabel = "metadatamirror.dev/mirror";
export const placementAnnotation = "metadatamirror.dev/placement";
