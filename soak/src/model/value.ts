import type { ItemName } from "../world/item.ts";
import type { Pod } from "../world/pod.ts";
import type { World } from "../world/world.ts";

/** What an item shows: a whole map, a number, or a text. */
type Value = string | number | Readonly<Record<string, string>>;

/** What an item shows of a pod. */
export function valueOf(item: ItemName, pod: Pod, { nodes }: World): Value {
  switch (item) {
    case "podName":
      return pod.name;
    case "namespace":
      return pod.namespace;
    case "podIP":
      return pod.ip;
    case "labels":
      return pod.labels;
    case "tier":
      return pod.labels["tier"] ?? "";
    case "note":
      return pod.note;
    case "phase":
      return pod.phase;
    case "ready":
      return pod.ready ? "True" : "False";
    case "node":
      return pod.node;
    case "cpu":
      return pod.cpuRequest;
    case "cpuLimit":
      return pod.cpuLimit ?? nodes.get(pod.node) ?? "";
  }
}

/** The same as the text of its file: a whole map is a line each, `key="value"`, by the order of the keys. */
export function textOf(value: Value): string {
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${key}="${each}"`)
    .join("\n");
}
