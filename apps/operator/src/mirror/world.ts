import type {
  ConfigMapState,
  MetadataGrant,
  MetadataMirror,
  NodeMetadata,
  ReadableMirror,
  Staleness,
  World,
} from "@metadata-mirror/metadata-model";
import { controllerOf, peerNamespaces } from "@metadata-mirror/metadata-model";
import type { Store } from "../runtime/store.ts";
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
  /** What the operator's sight of the mirror suffers from: a watch that it depends on follows no longer; undefined where all follow. */
  readonly staleness: (mirror: ReadableMirror) => Staleness | undefined;
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
  const namespaces = peerNamespaces(mirror);
  return {
    pods: of(namespaces, stores.pods),
    node: sight.nodesReadable() ? nodesOf(stores) : forbidden,
    grants: grantsFor(mirror, stores),
    existing: knownOf(mirror, stores),
    reachable: sight.reachable,
    isBlocked,
    // a ConfigMap that some pod may mount isn't removed: see `podNeeds`, by which the pods come to be seen
    mounted: (configMap) =>
      !sight.seesMounts(mirror.namespace) || stores.consumersOf.mounted(mirror.namespace, configMap),
    refreshRefused: sight.refreshRefused(mirror.namespace),
  };
}

/**
 * The ConfigMaps of the mirror's namespace, but for those without our label that aren't its own: no watch tells of their end, so they may be
 * long gone. Whether one is in the way is seen where another is to be created there.
 */
function knownOf(mirror: ReadableMirror, { configMaps }: Stores): readonly ConfigMapState[] {
  const all = configMaps.inNamespace(mirror.namespace);
  const isKnown = (one: ConfigMapState) => one.mirror !== undefined || controllerOf(one)?.uid === mirror.uid;
  return all.every(isKnown) ? all : all.filter(isKnown);
}

const forbidden = () => "forbidden" as const;

const lookups = new WeakMap<readonly NodeMetadata[], World["node"]>();

/** What the nodes are, by name: the same function until one changes. */
function nodesOf({ nodes }: Stores): World["node"] {
  const all = nodes.inNamespace("");
  const lookup: World["node"] = lookups.get(all) ?? ((name) => nodes.get("", name));
  lookups.set(all, lookup);
  return lookup;
}

/** The grants in the namespaces of the mirror's peers. */
export function grantsFor(mirror: ReadableMirror, { grants }: Pick<Stores, "grants">): readonly MetadataGrant[] {
  return of(peerNamespaces(mirror), grants);
}

/** All of these namespaces; of one, which is most mirrors' own, without a copy. */
function of<T>(namespaces: readonly string[], store: Store<T>): readonly T[] {
  const [first = "", ...others] = namespaces;
  const found = store.inNamespace(first);
  return others.length === 0 ? found : found.concat(...others.map((namespace) => store.inNamespace(namespace)));
}
