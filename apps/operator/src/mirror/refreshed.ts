import {
  type ConfigMapState,
  type Consumer,
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

/** The mirror that the ConfigMap belongs to, if its consumers are to be refreshed at once. */
function immediateMirror(configMap: ConfigMapState, { mirrors }: Pick<Stores, "mirrors">): MetadataMirror | undefined {
  const mirror = mirrors.get(configMap.namespace, configMap.mirror ?? "");
  return mirror !== undefined && isImmediate(mirror) && ownership(configMap, mirror) === "ours" ? mirror : undefined;
}

/** Whether the ConfigMap belongs to a mirror whose consumers are to be refreshed at once. */
export function isRefreshed(configMap: ConfigMapState, stores: Pick<Stores, "mirrors">): boolean {
  return immediateMirror(configMap, stores) !== undefined;
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

/** The mirror of the ConfigMap as the watch has shown it, if that is one that is refreshed. */
export function refreshedMirror(
  namespace: string,
  name: string,
  stores: Pick<Stores, "mirrors" | "shownConfigMaps">,
): MetadataMirror | undefined {
  const found = stores.shownConfigMaps.get(namespace, name);
  return found && immediateMirror(found, stores);
}

/**
 * The mirror whose operator tells the pod of changes: that of the first of the ConfigMaps that it mounts, so that of several operators that keep
 * those one does it. Undefined where none of them is refreshed.
 */
export function refreshingMirror(
  { namespace, mounts }: Consumer,
  stores: Pick<Stores, "mirrors" | "shownConfigMaps">,
): MetadataMirror | undefined {
  for (const { configMap } of mounts) {
    const mirror = refreshedMirror(namespace, configMap, stores);
    if (mirror !== undefined) return mirror;
  }
  return undefined;
}
