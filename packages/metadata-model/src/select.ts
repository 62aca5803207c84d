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
 * `authorize`'s to decide. It remembers whom it selected last: where they come in the same order again, it asks only of those that changed.
 */
export function selector(mirror: Request): (pods: readonly PodMetadata[]) => readonly PodMetadata[] {
  const { selector: labels, include } = mirror.spec.peers;
  const matches = labelMatcher(labels);
  const namespaces = new Set(peerNamespaces(mirror));
  const isSelected = (pod: PodMetadata) => namespaces.has(pod.namespace) && matches(pod.labels) && isPeer(pod, include);
  let last: Selected = { pods: [], selected: [] };
  return (pods) => {
    const selected = reselect(last, pods, isSelected) ?? pods.filter(isSelected).toSorted(byName);
    last = { pods, selected };
    return selected;
  };
}

/** The pods that there were, and those that were selected of them, in order. */
interface Selected {
  readonly pods: readonly PodMetadata[];
  readonly selected: readonly PodMetadata[];
}

/** Those of `pods` that are selected, where they are the same pods as `last`, of which some have changed, but none has come or gone for it. */
function reselect(
  last: Selected,
  pods: readonly PodMetadata[],
  isSelected: (pod: PodMetadata) => boolean,
): readonly PodMetadata[] | undefined {
  if (pods === last.pods) return last.selected;
  if (pods.length !== last.pods.length) return undefined;
  let selected: PodMetadata[] | undefined;
  for (let at = 0; at < pods.length; at++) {
    const before = last.pods[at];
    const pod = pods[at];
    if (before === pod) continue;
    if (before === undefined || pod === undefined || byName(before, pod) !== 0) return undefined;
    const isIn = isSelected(pod);
    if (isIn !== isSelected(before)) return undefined;
    if (!isIn) continue;
    selected ??= [...last.selected];
    selected[positionOf(pod, selected)] = pod;
  }
  return selected ?? last.selected;
}

/** Where the pod of that name is in a list that is in order. */
function positionOf(pod: PodMetadata, pods: readonly PodMetadata[]): number {
  let [from, to] = [0, pods.length - 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const other = pods[middle];
    if (other !== undefined && byName(other, pod) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
