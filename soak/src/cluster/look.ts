import { type ApiClient, configMaps, type KubernetesObject } from "@metadata-mirror/api-client";
import type { FoundConfigMap, FoundMirror, Sight } from "../check/sight.ts";
import { metadataMirrors, mirrorLabel } from "./resources.ts";

/** What is there now in the namespaces. Rejects with an ApiError. */
export async function look(client: ApiClient, namespaces: readonly string[]): Promise<Sight> {
  const isOurs = ({ metadata }: KubernetesObject) => namespaces.includes(metadata.namespace ?? "");
  const found: { configMaps: FoundConfigMap[]; mirrors: FoundMirror[] } = { configMaps: [], mirrors: [] };
  for await (const { items } of client.list(configMaps)) {
    found.configMaps.push(...items.filter(isOurs).map(configMapOf));
  }
  for await (const { items } of client.list(metadataMirrors)) {
    found.mirrors.push(...items.filter(isOurs).map(mirrorOf));
  }
  return found;
}

function configMapOf({ metadata, ...object }: KubernetesObject): FoundConfigMap {
  const { namespace = "", name = "", uid = "", resourceVersion = "", labels = {}, ownerReferences = [] } = metadata;
  const { data = {}, binaryData = {} } = object as {
    readonly data?: Record<string, string>;
    readonly binaryData?: Record<string, string>;
  };
  return {
    namespace,
    name,
    uid,
    resourceVersion,
    label: labels[mirrorLabel] ?? "",
    controller: ownerReferences.find(({ controller }) => controller === true),
    data,
    binaryKeys: Object.keys(binaryData),
  };
}

function mirrorOf({ metadata, spec, status }: KubernetesObject): FoundMirror {
  const { namespace = "", name = "", uid = "", generation = 0 } = metadata;
  const { output } = (spec ?? {}) as { readonly output?: { readonly configMapName?: string } };
  const configMap = output?.configMapName ?? name;
  return { namespace, name, uid, generation, configMap, status: (status ?? {}) as FoundMirror["status"] };
}
