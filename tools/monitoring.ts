import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { markdownTable, replaceBlock } from "../packages/figures/src/markdown.ts";
import { dashboard } from "./dashboard.ts";
import { exportedMetrics } from "./exported-metrics.ts";

const root = new URL("..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** A file that is generated. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** A rule file of Prometheus, as far as it's looked at here. */
export interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly for: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** The alerts. */
export function alertRules(): RuleFile {
  return parse(read("deploy/monitoring/alerts.yaml")) as RuleFile;
}

/** What follows from the metrics of the operator and from the alerts. */
export function monitoringFiles(): readonly GeneratedFile[] {
  const docs = "docs/monitoring.md";
  return [
    { path: docs, text: replaceBlock(read(docs), "metrics", metricTable()) },
    { path: "deploy/monitoring/dashboard.json", text: `${JSON.stringify(dashboard(), undefined, 2)}\n` },
    { path: "deploy/monitoring/prometheus-rule.yaml", text: prometheusRule() },
  ];
}

function metricTable(): string {
  const rows = exportedMetrics().map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", "),
    help.replaceAll("|", "\\|"),
  ]);
  return markdownTable([["metric", "type", "labels", "what it is"], ...rows], { figures: false });
}

/** The object of the Prometheus operator that holds the alerts. */
function prometheusRule(): string {
  const rule = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "metadata-mirror" },
    spec: alertRules(),
  };
  return `# Made of alerts.yaml by \`pnpm generate\`.\n${stringify(rule, { lineWidth: 0 })}`;
}
