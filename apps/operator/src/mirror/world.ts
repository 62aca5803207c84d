import type { NodeKnowledge, ReadableMirror, World } from "@metadata-mirror/metadata-model";
import { peerNamespaces } from "@metadata-mirror/metadata-model";
import type { Stores } from "./stores.ts";

/** What limits the operator's sight. */
export interface Sight {
  /** Whether the operator watches the namespace. */
  readonly reachable: (namespace: string) => boolean;
  /** Whether the operator may read nodes. */
  readonly nodesReadable: () => boolean;
}

/** The present, as the stores show it, as far as it concerns `mirror`. */
export function worldOf(mirror: ReadableMirror, stores: Stores, sight: Sight): World {
  const readable = sight.nodesReadable();
  return {
    pods: podsOf(peerNamespaces(mirror), stores),
    node: (name): NodeKnowledge => (readable ? stores.nodes.get("", name) : "forbidden"),
    grants: [...stores.grants.all()],
    existing: stores.configMaps.inNamespace(mirror.namespace),
    reachable: sight.reachable,
    mounted(configMap) {
      for (const pod of stores.pods.inNamespace(mirror.namespace)) {
        if (pod.configMaps.includes(configMap) && pod.phase !== "Succeeded" && pod.phase !== "Failed") return true;
      }
      return false;
    },
  };
}

function* podsOf(namespaces: readonly string[], stores: Stores) {
  for (const namespace of namespaces) yield* stores.pods.inNamespace(namespace);
}
