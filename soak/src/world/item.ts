import { container, noteAnnotation } from "./pod.ts";

/** The items that the soak asks for, by their paths. */
export type ItemName =
  | "podName"
  | "namespace"
  | "podIP"
  | "labels"
  | "tier"
  | "note"
  | "phase"
  | "ready"
  | "node"
  | "cpu"
  | "cpuLimit";

const field = (fieldPath: string) => ({ field: fieldPath, ref: { fieldRef: { fieldPath } } });
const resource = (name: string, divisor: string) => ({
  field: name,
  ref: { resourceFieldRef: { containerName: container, resource: name, divisor } },
});

interface ItemEntry {
  /** What a grant is asked for: a field path, or a resource. */
  readonly field: string;
  /** As `spec.items` has it, beside the path. */
  readonly ref: object;
}

/** What each of them is of. */
export const items: Readonly<Record<ItemName, ItemEntry>> = {
  podName: field("metadata.name"),
  namespace: field("metadata.namespace"),
  podIP: field("status.podIP"),
  labels: field("metadata.labels"),
  tier: field("metadata.labels['tier']"),
  note: field(`metadata.annotations['${noteAnnotation}']`),
  phase: field("status.phase"),
  ready: field("status.conditions['Ready']"),
  node: field("spec.nodeName"),
  cpu: resource("requests.cpu", "1m"),
  cpuLimit: resource("limits.cpu", "1"),
};

export const itemNames = Object.keys(items) as readonly ItemName[];

/** Whether the field is a resource, which grants list apart. */
export function isResource(fieldName: string): boolean {
  return /^(requests|limits)\./.test(fieldName);
}
