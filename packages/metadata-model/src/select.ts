import { peerNamespaces, type Request } from "./authorize.ts";
import { labelMatcher } from "./label-selector.ts";
import type { MetadataMirrorSpec } from "./metadata-mirror.ts";
import type { PodMetadata } from "./pod-metadata.ts";

type Include = MetadataMirrorSpec["peers"]["include"];

/** A pod that will never run again; its IP may already be another's (kubernetes#110255). */
export function isTerminal({ phase }: Pick<PodMetadata, "phase">): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/**
 * Whether a pod that a mirror's selector matches is one of its peers now. `Ready` follows the pod's Ready condition, not the
 * statuses of its containers. A pod that has succeeded or failed never is.
 */
export function isPeer(pod: PodMetadata, include: Include): boolean {
  if (isTerminal(pod)) return false;
  switch (include) {
    case "Ready":
      return pod.ready === "True" && !pod.terminating;
    case "Running":
      return pod.phase === "Running" && !pod.terminating;
    case "All":
      return true;
  }
}

/** Orders pods by namespace, then name: the order of peers in every document, whatever order they came in. */
export function byName(a: { namespace: string; name: string }, b: { namespace: string; name: string }): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

/**
 * A function that selects the pods of which `mirror` wants to tell, in order, whatever order they come in. What it may tell of them is
 * `authorize`'s to decide.
 */
export function selector(mirror: Request): (pods: Iterable<PodMetadata>) => readonly PodMetadata[] {
  const { selector: labels, include } = mirror.spec.peers;
  const matches = labelMatcher(labels);
  const namespaces = new Set(peerNamespaces(mirror));
  return (pods) => {
    const selected: PodMetadata[] = [];
    for (const pod of pods) {
      if (namespaces.has(pod.namespace) && matches(pod.labels) && isPeer(pod, include)) selected.push(pod);
    }
    return selected.toSorted(byName);
  };
}
