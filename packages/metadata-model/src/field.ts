import type { Format } from "./format.ts";
import type { Item } from "./item.ts";
import { selectorKeys } from "./label-selector.ts";
import type { MetadataMirrorSpec } from "./metadata-mirror.ts";

/** What a grant is asked for: a field path (`status.podIP`) or a resource (`limits.cpu`). The two never look alike. */
export type Field = string;

/** The field that `item` reads. */
export function itemField(item: Item): Field {
  return item.fieldRef?.fieldPath ?? item.resourceFieldRef?.resource ?? "";
}

/** The fields that a mirror learns about by which pods it gets: the labels it selects by, and readiness or phase. */
export function selectionFields({ peers }: MetadataMirrorSpec): readonly Field[] {
  const labels = selectorKeys(peers.selector).map((key) => `metadata.labels['${key}']`);
  const state = { Ready: ["status.conditions['Ready']"], Running: ["status.phase"], All: [] }[peers.include];
  return [...labels, ...state];
}

/** The fields that `format` shows of every peer without an item that names them. */
export function shownFields(format: Format): readonly Field[] {
  switch (format.type) {
    case "Files":
    case "Env":
      return ["metadata.name"];
    case "Hosts":
      return ["metadata.name", "metadata.namespace", "status.podIP", "status.podIPs"];
    case "PrometheusFileSD":
      return ["status.podIP"];
    case "JSON":
    case "Template":
      return [];
  }
}
