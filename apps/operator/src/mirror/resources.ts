import type { Resource } from "@metadata-mirror/api-client";
import { group, version } from "@metadata-mirror/metadata-model";

/** Whose the fields are that we write, to the API server. */
export const fieldManager = "metadata-mirror";

/** Where the API server keeps MetadataMirrors. */
export const metadataMirrors: Resource = {
  group,
  version,
  plural: "metadatamirrors",
  kind: "MetadataMirror",
  namespaced: true,
};

/** Where the API server keeps MetadataGrants. */
export const metadataGrants: Resource = {
  group,
  version,
  plural: "metadatagrants",
  kind: "MetadataGrant",
  namespaced: true,
};
