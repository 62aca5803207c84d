import {
  labelMatcher,
  type MetadataMirror,
  type PodMetadata,
  peerNamespaces,
  type ReadableMirror,
  shardIndex,
  usesNode,
} from "@metadata-mirror/metadata-model";

/** What a mirror wants to hear of, compiled from its spec. */
export interface Interest {
  readonly key: string;
  readonly namespace: string;
  readonly peerNamespaces: readonly string[];
  /** Whether the mirror's selector matches the pod. */
  readonly selects: (pod: PodMetadata) => boolean;
  /** Whether a value of it may come from the node of a pod. */
  readonly usesNode: boolean;
  /** Whether a ConfigMap of this name, in the mirror's namespace, is or would be one of its shards. */
  readonly writes: (configMap: string) => boolean;
}

/** The key of a mirror, or of a pod, in its work queue. */
export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** What has the key. */
export function refOf(key: string): { readonly namespace: string; readonly name: string } {
  const [namespace = "", name = ""] = key.split("/");
  return { namespace, name };
}

/** The namespace of what has the key. */
export function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

/** Whether a value may come from the node of a pod. */
export function usesNodes({ items }: ReadableMirror["spec"]): boolean {
  return items.some((item) => item.resourceFieldRef !== undefined && usesNode(item.resourceFieldRef));
}

/**
 * The interest of `mirror`, or undefined where its spec can't be read: it is woken by its own change only. One that throws at a pod is woken by
 * it: then its pass fails, which is told of by its name, and the others hear of the pod all the same.
 */
export function interestOf(mirror: MetadataMirror): Interest | undefined {
  const { spec, namespace } = mirror;
  if (spec === undefined) return undefined;
  const matches = labelMatcher(spec.peers.selector);
  return {
    key: keyOf(mirror),
    namespace,
    peerNamespaces: peerNamespaces({ namespace, spec }),
    selects(pod) {
      try {
        return matches(pod.labels);
      } catch {
        return true;
      }
    },
    usesNode: usesNodes(spec),
    writes: (configMap) => shardIndex({ name: mirror.name, spec }, configMap) !== undefined,
  };
}

/** The interests of all mirrors, by the namespaces that they concern. */
export interface Interests {
  /** `before` is no longer, `after` is. */
  replace(before: MetadataMirror | undefined, after: MetadataMirror | undefined): void;
  /** Those that take peers from the namespace. */
  ofPeers(namespace: string): Iterable<Interest>;
  /** Those of the mirrors of the namespace. */
  ofMirrors(namespace: string): Iterable<Interest>;
  all(): Iterable<Interest>;
}

type Index = Map<string, Map<string, Interest>>;

function addTo(index: Index, namespace: string, interest: Interest): void {
  const interests = index.get(namespace) ?? new Map<string, Interest>();
  index.set(namespace, interests.set(interest.key, interest));
}

function removeFrom(index: Index, namespace: string, key: string): void {
  const interests = index.get(namespace);
  interests?.delete(key);
  if (interests?.size === 0) index.delete(namespace);
}

export function createInterests(): Interests {
  const byKey = new Map<string, Interest>();
  const byPeers: Index = new Map();
  const byMirror: Index = new Map();
  return {
    replace(before, after) {
      const old = before && byKey.get(keyOf(before));
      if (old !== undefined) {
        byKey.delete(old.key);
        removeFrom(byMirror, old.namespace, old.key);
        for (const namespace of old.peerNamespaces) removeFrom(byPeers, namespace, old.key);
      }
      const interest = after && interestOf(after);
      if (interest === undefined) return;
      byKey.set(interest.key, interest);
      addTo(byMirror, interest.namespace, interest);
      for (const namespace of interest.peerNamespaces) addTo(byPeers, namespace, interest);
    },
    ofPeers: (namespace) => byPeers.get(namespace)?.values() ?? [],
    ofMirrors: (namespace) => byMirror.get(namespace)?.values() ?? [],
    all: () => byKey.values(),
  };
}
