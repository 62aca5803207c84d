import {
  type ConfigMapState,
  isReadable,
  type MetadataMirror,
  ownership,
  type ReadableMirror,
} from "@metadata-mirror/metadata-model";
import type { Stores } from "./stores.ts";

/** Whether the consumers of the mirror are to be refreshed at once. */
export function isImmediate(mirror: MetadataMirror): mirror is ReadableMirror {
  return isReadable(mirror) && !mirror.terminating && mirror.spec.consumers.refreshPolicy === "Immediate";
}

/** Whether the ConfigMap belongs to a mirror whose consumers are to be refreshed at once. */
export function isRefreshed(configMap: ConfigMapState, { mirrors }: Pick<Stores, "mirrors">): boolean {
  const mirror = mirrors.get(configMap.namespace, configMap.mirror ?? "");
  return mirror !== undefined && isImmediate(mirror) && ownership(configMap, mirror) === "ours";
}

/** The ConfigMap as the watch has shown it, if it's one that is refreshed. */
export function refreshedConfigMap(
  namespace: string,
  name: string,
  stores: Pick<Stores, "mirrors" | "shownConfigMaps">,
): ConfigMapState | undefined {
  const found = stores.shownConfigMaps.get(namespace, name);
  return found !== undefined && isRefreshed(found, stores) ? found : undefined;
}
