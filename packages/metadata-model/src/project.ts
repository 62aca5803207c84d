import type { Permit } from "./authorize.ts";
import { fieldText, fieldValue, parseFieldPath } from "./field-path.ts";
import type { Item } from "./item.ts";
import type { NodeKnowledge } from "./node-metadata.ts";
import type { PodMetadata } from "./pod-metadata.ts";
import { isProblem, type Problem } from "./problem.ts";
import { resourceText } from "./resource-field.ts";

/** One item of one peer. */
interface ProjectedItem {
  readonly path: string;
  /** The bytes of its file, as the kubelet would write them in a volume. Well-formed UTF-16. */
  readonly text: string;
  /** The same as a JSON text: maps as objects, lists as arrays, resources as numbers, else a string. */
  readonly json: string;
}

/** A pod, projected on the items of a mirror, in their order. */
export interface Projection {
  readonly namespace: string;
  readonly name: string;
  /** "" while it has none. */
  readonly podIP: string;
  /** One of each family, the pod's first one first; empty while it has none. */
  readonly podIPs: readonly string[];
  readonly items: readonly ProjectedItem[];
  /** The items that can't be told of this peer. */
  readonly problems: readonly ItemProblem[];
}

/**
 * A peer as the formats get it. Of the pod's fields a format may show only those that `shownFields` names for it, besides the items: those
 * alone are certain to be permitted. So each format takes just these.
 */
export interface PeerRecord extends Projection {
  /** What `place` knows it by: short, and telling nothing of the pod. */
  readonly id: string;
  /** Whether it's of the mirror's own namespace. */
  readonly own: boolean;
}

/** Why an item of a peer is left out, of all formats or of one. `path` is the item, or what else of the peer that is. */
export interface ItemProblem extends Omit<Problem, "reason"> {
  readonly path: string;
  readonly reason: Problem["reason"] | "KeyTooLong" | "NotHostName" | "LabelNameTaken" | "NotEnv" | "EnvNameTaken";
}

type Told = Pick<ProjectedItem, "text" | "json">;

type Read = (pod: PodMetadata, node: NodeKnowledge) => Told | Problem;

/** Compiles `item` once, so that reading it from many pods is cheap. */
function reader({ fieldRef, resourceFieldRef }: Item): Read {
  if (resourceFieldRef !== undefined) {
    return (pod, node) => {
      const projected = resourceText(resourceFieldRef, pod, node);
      if ("problem" in projected) return projected.problem;
      // a pod without a node has no value yet
      return { text: projected.value, json: projected.value === "" ? '""' : projected.value };
    };
  }
  const path = parseFieldPath(fieldRef?.fieldPath ?? "");
  if (isProblem(path)) return () => path;
  const tell = (pod: PodMetadata): Told => ({
    text: fieldText(path, pod).toWellFormed(),
    json: JSON.stringify(fieldValue(path, pod)),
  });
  return path.field === "metadata.labels" && path.key === undefined ? onceForAll(tell) : tell;
}

/** The same, but told once for all pods that share their labels, as those of one workload do: see `Interner`. */
function onceForAll(tell: (pod: PodMetadata) => Told): (pod: PodMetadata) => Told {
  const made = new WeakMap<PodMetadata["labels"], Told>();
  return (pod) => {
    const told = made.get(pod.labels) ?? tell(pod);
    made.set(pod.labels, told);
    return told;
  };
}

/**
 * A function that projects a pod on `items`: as much of it as `permit` allows. An item that can't be told is a problem of that
 * item, and the others stand. An item that isn't permitted is left out without a word: the Authorized condition says it.
 */
export function projector(
  items: readonly Item[],
): (pod: PodMetadata, node: NodeKnowledge, permit: Permit) => Projection {
  const readers = items.map((item) => ({ path: item.path, read: reader(item) }));
  return (pod, node, permit) => {
    const projected: ProjectedItem[] = [];
    const problems: ItemProblem[] = [];
    for (const { path, read } of readers) {
      if (!permit.paths.has(path)) continue;
      const result = read(pod, node);
      if (isProblem(result)) problems.push({ path, ...result });
      else projected.push({ path, text: result.text, json: result.json });
    }
    const { namespace, name, podIP } = pod;
    const podIPs = (pod.podIPs.length > 0 ? pod.podIPs : [podIP]).filter((ip) => ip !== "");
    return { namespace, name, podIP, podIPs, items: projected, problems };
  };
}
