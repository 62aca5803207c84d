import { peerNamespaces } from "./authorize.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import { type Cover, coverOf, everybody, isCovered, joined, nobody, selectorText, tellable } from "./selector-cover.ts";

/** Pods of one namespace that a mirror can't do without. */
export interface PodNeed {
  readonly namespace: string;
  /** Those that may be its peers. */
  readonly peers: Cover;
  /** Whether it must know of every pod which ConfigMaps it mounts. */
  readonly mounts: boolean;
}

/** A watch of pods, of one namespace or ("") of all: of `peers` it keeps the metadata, and of every pod what it mounts where `mounts` says so. */
export type PodSource = PodNeed;

/** What decides what a mirror needs, beside its spec. */
export interface NeedContext {
  /** Whether the mirror may see anything of a namespace that isn't its own: the operator watches it, and a grant there names the mirror's. */
  readonly isOpen: (namespace: string) => boolean;
  /** Whether one of its ConfigMaps is needed no longer, and may go once no pod mounts it. */
  readonly hasSurplus: boolean;
}

/**
 * What `mirror` needs: of each namespace of its peers those that its selector matches. Who mounts its ConfigMaps, which any pod of its own
 * namespace may do, it must know only where these pods are refreshed at once, and where a ConfigMap is to be removed.
 */
export function podNeeds(mirror: ReadableMirror, { isOpen, hasSurplus }: NeedContext): readonly PodNeed[] {
  const { namespace: own, spec } = mirror;
  const mounts = hasSurplus || spec.consumers.refreshPolicy === "Immediate";
  const cover = coverOf(spec.peers.selector);
  const namespaces = peerNamespaces(mirror).filter((namespace) => namespace === own || isOpen(namespace));
  const needs = namespaces.map((namespace) => ({
    namespace,
    peers: cover,
    mounts: mounts && namespace === own,
  }));
  return mounts && !namespaces.includes(own) ? [...needs, { namespace: own, peers: nobody, mounts }] : needs;
}

/**
 * The most namespaces that are watched one by one. Each takes a connection here and a goroutine, a buffer of events and bookmarks at the API
 * server; beyond this one watch of all namespaces is cheaper for both, though it tells of namespaces that nobody asked for.
 */
export const mostNamespaces = 32;

function merged(namespace: string, needs: readonly PodNeed[]): PodSource {
  const peers = needs.reduce<Cover>((sum, need) => joined(sum, need.peers), nobody);
  return { namespace, peers: tellable(peers), mounts: needs.some(({ mounts }) => mounts) };
}

/**
 * The watches that `needs` take: one for each namespace, with the narrowest selector that covers what is needed of it, so that no pod is in
 * two of them. Needs in more than `most` namespaces take one watch of all of them instead. Namespaces of which nothing is needed are not
 * watched.
 */
export function planSources(needs: readonly PodNeed[], most: number): readonly PodSource[] {
  const real = needs.filter((need) => !meets(undefined, need));
  const byNamespace = Map.groupBy(real, ({ namespace }) => namespace);
  if (byNamespace.size > most) return [merged("", real)];
  return [...byNamespace].map(([namespace, ofIt]) => merged(namespace, ofIt));
}

/** Whether `source` tells all that `need` asks for, of the namespace of `need`. Where there is no source, only who asks for nothing has it all. */
export function meets(source: PodSource | undefined, need: PodNeed): boolean {
  const { peers, mounts } = source ?? { peers: nobody, mounts: false };
  return (mounts || !need.mounts) && isCovered(need.peers, peers);
}

/** One source that meets all that either does. */
export function widened(source: PodSource, by: PodSource): PodSource {
  return merged(source.namespace, [source, by]);
}

/** The label selector that the API server is asked for, "" for every pod. */
export function sourceSelector({ peers, mounts }: PodSource): string {
  return selectorText(mounts || peers === nobody ? everybody : peers);
}

/** Whether two sources of a namespace are the same. */
export function isSameSource(a: PodSource, b: PodSource): boolean {
  return meets(a, b) && meets(b, a);
}
