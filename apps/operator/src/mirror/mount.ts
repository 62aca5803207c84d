import type { PodMetadata } from "@metadata-mirror/metadata-model";

/** The names of the ConfigMaps that `pod` mounts: none once it has ended for good, since nothing in it reads them any more. */
export function mountedBy({ phase, configMaps }: PodMetadata): readonly string[] {
  return phase === "Succeeded" || phase === "Failed" ? [] : configMaps;
}
