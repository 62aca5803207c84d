/** The formats that the soak asks for: those of which the outcome is told from what they say alone. */
export type FormatName = "Files" | "JSON" | "Hosts" | "PrometheusFileSD" | "Template";

interface FormatEntry {
  /** As `spec.output.formats` has it. */
  readonly spec: object;
  /** The key of its document in the first ConfigMap; undefined: it has keys of peers. */
  readonly key: string | undefined;
  /** The fields that a grant must give, since the format shows them by itself: see docs/metadata-grant.md. */
  readonly shows: readonly string[];
}

export const targetPort = 9090;

/** Of each peer a line, with nothing in place of the items that a mirror doesn't have. */
const template = "{% for p in peers %}{{ p.podName }}|{{ p.podIP }}|{{ p.tier }}\n{% endfor %}";

/** What each is. */
export const formats: Readonly<Record<FormatName, FormatEntry>> = {
  Files: { spec: { type: "Files" }, key: undefined, shows: ["metadata.name"] },
  JSON: { spec: { type: "JSON", key: "peers.json" }, key: "peers.json", shows: [] },
  Hosts: {
    spec: { type: "Hosts", key: "hosts" },
    key: "hosts",
    shows: ["metadata.name", "metadata.namespace", "status.podIP", "status.podIPs"],
  },
  PrometheusFileSD: {
    spec: { type: "PrometheusFileSD", key: "targets.json", prometheusFileSD: { port: targetPort } },
    key: "targets.json",
    shows: ["status.podIP"],
  },
  Template: {
    spec: { type: "Template", key: "lines.txt", template: { source: template } },
    key: "lines.txt",
    shows: [],
  },
};

export const formatNames = Object.keys(formats) as readonly FormatName[];
