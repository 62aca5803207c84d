import type { ItemProblem, PeerRecord } from "../project.ts";
import type { Aggregate, Fragment } from "./aggregate.ts";

type Item = PeerRecord["items"][number];

/**
 * The `PrometheusFileSD` format: `[{"targets": ["<podIP>:<port>"], "labels": {…}}]`, a line each peer, as `file_sd_configs` reads it. The
 * labels are named as those of `kubernetes_sd_configs` (discovery/kubernetes/pod.go): `__meta_metadatamirror_<path>`, of a whole map
 * one for each entry, `__meta_metadatamirror_<path>_<key>`, with `_` for what no label name may hold. Of two labels of one name the
 * first one stays. A pod without an IP is not in it.
 */
export function prometheusFileSDAggregate(key: string, port: number): Aggregate {
  return {
    key,
    fragment: (record) => targetGroup(record, port),
    document: (fragments) =>
      `[${fragments
        .filter((text) => text !== "")
        .map((text) => `\n${text}`)
        .join(",")}\n]\n`,
  };
}

function targetGroup({ podIP, items }: Pick<PeerRecord, "podIP" | "items">, port: number): Fragment {
  if (podIP === "") return { text: "" };
  const labels = new Map<string, string>();
  const problems: ItemProblem[] = [];
  for (const item of items) {
    const taken: string[] = [];
    for (const [name, value] of labelsOf(item)) {
      if (labels.has(name)) taken.push(name);
      else labels.set(name, value);
    }
    if (taken.length > 0) problems.push(labelNameTaken(item.path, taken));
  }
  const target = podIP.includes(":") ? `[${podIP}]:${port}` : `${podIP}:${port}`;
  const text = JSON.stringify({ targets: [target], labels: Object.fromEntries(labels) });
  return { text, problems };
}

/** An item as labels: a whole map as one for each entry, everything else as one with the text of its file. */
function labelsOf({ path, text, json }: Item): readonly (readonly [name: string, value: string])[] {
  const name = `__meta_metadatamirror_${labelName(path)}`;
  if (!json.startsWith("{")) return [[name, text]];
  const map = JSON.parse(json) as Record<string, string>;
  return Object.entries(map).map(([key, value]) => [`${name}_${labelName(key)}`, value.toWellFormed()]);
}

/** Prometheus' `strutil.SanitizeLabelName`. */
function labelName(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9_]/g, "_");
}

function labelNameTaken(path: string, names: readonly string[]): ItemProblem {
  const message = `an item or an entry before has the label ${names[0] ?? ""} of PrometheusFileSD`;
  return { path, reason: "LabelNameTaken", message };
}
