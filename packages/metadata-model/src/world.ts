import type { ConfigMapState } from "./config-map.ts";
import type { MetadataGrant } from "./metadata-grant.ts";
import type { NodeKnowledge } from "./node-metadata.ts";
import type { PodMetadata } from "./pod-metadata.ts";

/** What a plan is made from: the present, as the stores show it. */
export interface World {
  /** The pods of the mirror's peer namespaces, in any order; others do no harm. */
  readonly pods: readonly PodMetadata[];
  /** The very same function while it answers the same for each node: another one has all peers rendered anew. */
  readonly node: (name: string) => NodeKnowledge;
  readonly grants: readonly MetadataGrant[];
  /** The ConfigMaps of the mirror's namespace that have our label, or that stand where we want to write. */
  readonly existing: Iterable<ConfigMapState>;
  /** Whether a pod of the mirror's namespace mounts the ConfigMap. */
  readonly mounted: (configMap: string) => boolean;
  /** Whether the API server refuses to have the pods of the mirror's namespace refreshed. */
  readonly refreshRefused: boolean;
  /** Whether the API server just refused to write the ConfigMap: it's left alone for a while. */
  readonly isBlocked: (configMap: string) => boolean;
  /** Whether peers of the ConfigMap that are elsewhere too have been so for long enough to be let go here. */
  readonly mayLetGo: (configMap: string) => boolean;
  /** Whether the operator watches the namespace at all. */
  readonly reachable: (namespace: string) => boolean;
}
