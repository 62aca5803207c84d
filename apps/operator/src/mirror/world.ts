import type { MetadataMirror, NodeKnowledge, ReadableMirror, World } from "@metadata-mirror/metadata-model";
import { peerNamespaces } from "@metadata-mirror/metadata-model";
import type { Stores } from "./stores.ts";

/** What limits the operator's sight. */
export interface Sight {
  /** Whether the mirror is this operator's to keep at this moment: asked for each pass, and again right before each write. */
  readonly isOurs: (mirror: MetadataMirror) => boolean;
  /** Whether the mirror may be planned: the stores hold every pod that may be a peer of it. */
  readonly covers: (mirror: ReadableMirror) => boolean;
  /** Whether the stores hold every pod of the namespace that mounts a ConfigMap. */
  readonly seesMounts: (namespace: string) => boolean;
  /** Whether the operator watches the namespace. */
  readonly reachable: (namespace: string) => boolean;
  /** Whether the operator may read nodes. */
  readonly nodesReadable: () => boolean;
  /** Whether the API server refuses to have pods of the namespace refreshed. */
  readonly refreshRefused: (namespace: string) => boolean;
}

/** The present, as the stores show it, as far as it concerns `mirror`: all but what its own past tells. */
export function worldOf(
  mirror: ReadableMirror,
  stores: Stores,
  sight: Sight,
  isBlocked: (configMap: string) => boolean,
): Omit<World, "mayLetGo"> {
  const readable = sight.nodesReadable();
  const namespaces = peerNamespaces(mirror);
  return {
    pods: podsOf(namespaces, stores),
    node: (name): NodeKnowledge => (readable ? stores.nodes.get("", name) : "forbidden"),
    grants: namespaces.flatMap((namespace) => [...stores.grants.inNamespace(namespace)]),
    existing: stores.configMaps.inNamespace(mirror.namespace),
    reachable: sight.reachable,
    isBlocked,
    // a ConfigMap that some pod may mount isn't removed: see `podNeeds`, by which the pods come to be seen
    mounted: (configMap) =>
      !sight.seesMounts(mirror.namespace) || stores.consumersOf.mounted(mirror.namespace, configMap),
    refreshRefused: sight.refreshRefused(mirror.namespace),
  };
}

function* podsOf(namespaces: readonly string[], stores: Stores) {
  for (const namespace of namespaces) yield* stores.pods.inNamespace(namespace);
}
