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

/** k8s.io/apimachinery/pkg/runtime/types.go; a watch has `;stream=watch` behind it. */
export const protobuf = "application/vnd.kubernetes.protobuf";

/** What to ask for of each object. */
interface Form {
  /** PartialObjectMetadata: all but apiVersion, kind and metadata is left out. */
  readonly metadataOnly?: boolean | undefined;
  /** In protobuf, where the server has it: custom resources it hasn't. */
  readonly binary?: boolean;
}

/**
 * What to ask for in Accept. The server answers with what it has of it, and its Content-Type says what that is: an old aggregated server
 * can't leave anything out, custom resources are always JSON.
 */
export function acceptOf(kind: "object" | "list", { metadataOnly = false, binary = false }: Form = {}): string {
  const types = binary ? [protobuf, json] : [json];
  const as = kind === "list" ? "PartialObjectMetadataList" : "PartialObjectMetadata";
  const partial = types.map((type) => `${type};as=${as};g=meta.k8s.io;v=v1`);
  return [...(metadataOnly ? partial : []), ...types].join(",");
}

/** What an answer says that it is, "" where it doesn't. */
export function contentTypeOf({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string {
  const type = headers["content-type"];
  return typeof type === "string" ? type : "";
}

/** Whether a Content-Type is that of Kubernetes' protobuf. */
export function isProtobuf(contentType: string): boolean {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() === protobuf;
}
