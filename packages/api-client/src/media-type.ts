/** How a patch's body is to be read. `apply` is server-side apply: the body is the object as we want it. */
export type PatchType = "merge" | "json" | "strategic" | "apply";

/** Content types of patches: k8s.io/apimachinery/pkg/types/patch.go. JSON is YAML, so an apply patch may be JSON. */
export const patchMediaType: Readonly<Record<PatchType, string>> = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

export const json = "application/json";

/**
 * What to ask for in Accept: the whole object, or with `metadataOnly` its PartialObjectMetadata, which leaves out all but apiVersion,
 * kind and metadata. A server that can't transform (an old aggregated one) answers with the whole.
 */
export function acceptOf(kind: "object" | "list", metadataOnly = false): string {
  if (!metadataOnly) return json;
  const as = kind === "list" ? "PartialObjectMetadataList" : "PartialObjectMetadata";
  return `${json};as=${as};g=meta.k8s.io;v=v1,${json}`;
}
