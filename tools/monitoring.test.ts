import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { exportedMetrics } from "./exported-metrics.ts";
import { alertRules, monitoringFiles } from "./monitoring.ts";
import { promqlNames } from "./promql-names.ts";

const root = new URL("..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const docs = read("docs/monitoring.md");
const alerts = alertRules().groups.flatMap(({ rules }) => rules);

/** A panel of the dashboard, as far as it's looked at here. */
interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
}
const { panels } = JSON.parse(read("deploy/monitoring/dashboard.json")) as { readonly panels: readonly Panel[] };
const queries = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

/** The labels of each series that is exported, with those that a scrape adds. */
const labelsOf = new Map(
  exportedMetrics().flatMap(({ name, type, labels }) => {
    const series = type === "histogram" ? ["_bucket", "_sum", "_count"].map((suffix) => name + suffix) : [name];
    return series.map(
      (one) => [one, [...labels, "job", "instance", ...(one.endsWith("_bucket") ? ["le"] : [])]] as const,
    );
  }),
);

test.each(monitoringFiles())("$path is what `pnpm generate` writes", ({ path, text }) => {
  expect(read(path)).toBe(text);
});

test.each([
  ...alerts.map(({ alert, expr }) => ({ of: alert, expr, legend: "" })),
  ...queries.map(({ title, expr, legendFormat = "" }) => ({ of: title, expr, legend: legendFormat })),
])("$of names what the operator exports: $expr", ({ expr, legend }) => {
  const { metrics, labels, kept } = promqlNames(expr);
  expect(metrics).not.toEqual([]);
  expect(metrics.filter((name) => !labelsOf.has(name))).toEqual([]);
  const known = metrics.flatMap((name) => labelsOf.get(name) ?? []);
  expect(labels.filter((label) => !known.includes(label))).toEqual([]);
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
  expect(shown.filter((label) => !(kept ?? known).includes(label))).toEqual([]);
});

test("names and units are as Prometheus asks", () => {
  const own = exportedMetrics().filter(({ name }) => name.startsWith("metadata_mirror_"));
  expect(own.length).toBeGreaterThan(25);
  for (const { name, type } of own) expect(name.endsWith("_total"), name).toBe(type === "counter");
});

test.each(alerts)("$alert says how bad it is, what is wrong, and where it's told what to do", (alert) => {
  expect(alert.for).toMatch(/^\d+m$/);
  expect(["warning", "critical"]).toContain(alert.labels["severity"]);
  const { summary = "", description = "", runbook_url: runbook = "", ...others } = alert.annotations;
  expect(others).toEqual({});
  for (const sentence of [summary, description]) expect(sentence).toMatch(/^\S.*\.$/);
  const [page = "", anchor] = runbook.split("#");
  const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  expect(headings).toContain(alert.alert);
  expect(anchor).toBe(alert.alert.toLowerCase());
});

test("docs/monitoring.md tells of these alerts and no others", () => {
  const told = [...docs.matchAll(/^### (MetadataMirror\w+)$/gm)].map(([, name]) => name);
  expect(told).toEqual(alerts.map(({ alert }) => alert));
});

test("each alert has a test in which it fires, and one in which it doesn't", () => {
  const { tests } = parse(read("apps/operator/test/alerts.test.yaml")) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
  };
  const cases = tests.flatMap(({ alert_rule_test: tried }) => tried);
  const names = (fires: boolean) =>
    new Set(cases.flatMap(({ alertname, exp_alerts: fired }) => (fired.length > 0 === fires ? [alertname] : [])));
  const all = new Set(alerts.map(({ alert }) => alert));
  expect(names(true)).toEqual(all);
  expect(names(false)).toEqual(all);
});

/** The words of the log lines from `info` on in a source, as far as they stand there as they are. */
function logLines(source: string): string[] {
  const calls = source.matchAll(/\blog(?:\.(\w+)|\[[^\]]+\])\(([\s\S]*?)\)[;,]?\n/g);
  const words = [...calls].flatMap(([, level, args = ""]) =>
    level === "debug" ? [] : (/"([^"]+)",?\s*\)?,?\s*$/.exec(args)?.[1] ?? []),
  );
  // those that a variable holds
  const later = source.matchAll(/(?:\bwithout: |\blose\(shard, )"([^"]+)"/g);
  return [...words, ...[...later].map(([, text = ""]) => text)];
}

test("docs/monitoring.md lists each line of the operator's log, and no others", () => {
  const sources = globSync("apps/operator/src/**/*.ts", { cwd: root }).filter(
    (file) => !/\.test\.ts$|\/(demo|testing)\//.test(file),
  );
  const logged = new Set(sources.flatMap((file) => logLines(read(file))));
  expect(logged.size).toBeGreaterThan(20);
  const [, table = ""] = docs.split("| `msg` |");
  const told = [...table.matchAll(/^\| (`.+?`) \| (?:info|warn|error)/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text),
  );
  expect(told.toSorted()).toEqual([...logged].toSorted());
});
