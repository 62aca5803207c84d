import type { NodeKnowledge, ReadableMirror, World } from "@metadata-mirror/metadata-model";
import { peerNamespaces } from "@metadata-mirror/metadata-model";
import { mountedBy } from "./mount.ts";
import type { Stores } from "./stores.ts";

/** What limits the operator's sight. */
export interface Sight {
  /** Whether the operator watches the namespace. */
  readonly reachable: (namespace: string) => boolean;
  /** Whether the operator may read nodes. */
  readonly nodesReadable: () => boolean;
}

/** The present, as the stores show it, as far as it concerns `mirror`. */
export function worldOf(
  mirror: ReadableMirror,
  stores: Stores,
  sight: Sight,
  isBlocked: (configMap: string) => boolean,
): World {
  const readable = sight.nodesReadable();
  const namespaces = peerNamespaces(mirror);
  return {
    pods: podsOf(namespaces, stores),
    node: (name): NodeKnowledge => (readable ? stores.nodes.get("", name) : "forbidden"),
    grants: namespaces.flatMap((namespace) => [...stores.grants.inNamespace(namespace)]),
    existing: stores.configMaps.inNamespace(mirror.namespace),
    reachable: sight.reachable,
    isBlocked,
    mounted(configMap) {
      for (const pod of stores.pods.inNamespace(mirror.namespace)) {
        if (mountedBy(pod).includes(configMap)) return true;
      }
      return false;
    },
  };
}

function* podsOf(namespaces: readonly string[], stores: Stores) {
  for (const namespace of namespaces) yield* stores.pods.inNamespace(namespace);
}
