import { metadataGrantCrd, metadataMirrorCrd } from "@metadata-mirror/metadata-model";
import { stringify } from "yaml";

/** The CustomResourceDefinitions as YAML documents, for `kubectl apply -f -`. */
export function crdsYaml(): string {
  const documents = [metadataMirrorCrd(), metadataGrantCrd()];
  return documents.map((crd) => stringify(crd, { aliasDuplicateObjects: false, lineWidth: 120 })).join("---\n");
}
