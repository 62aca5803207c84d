import { spawnSync } from "node:child_process";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findBinary } from "@metadata-mirror/control-plane";
import { beforeAll, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { createPod } from "../src/demo/sandbox.ts";
import { valueOf } from "../src/testing/series.ts";
import { deployPath, useKubectl } from "./kubectl.ts";
import { startProcess } from "./operator-process.ts";
import { createScene, useSandbox } from "./support.ts";

const sandbox = useSandbox();
const kubectl = useKubectl(sandbox);
let program = "";
beforeAll(async () => {
  program = await findBinary("promtool", { env: process.env });
});

function promtool(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", input });
  return { status, said: stdout + stderr };
}

test("Prometheus takes the alerts, without a complaint", () => {
  const { status, said } = promtool([
    "check",
    "rules",
    "--lint=all",
    "--lint-fatal",
    deployPath("monitoring/alerts.yaml"),
  ]);
  expect(said).toContain("SUCCESS: 9 rules found");
  expect(status).toBe(0);
});

test("each alert fires when it should, and not when it need not", () => {
  const { status, said } = promtool(["test", "rules", fileURLToPath(new URL("alerts.test.yaml", import.meta.url))]);
  expect(said).toContain("SUCCESS");
  expect(status).toBe(0);
});

test("Prometheus takes each expression of the dashboard", async () => {
  const { panels } = JSON.parse(await readFile(deployPath("monitoring/dashboard.json"), "utf8")) as {
    readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
  };
  const rules = panels
    .flatMap(({ targets = [] }) => targets)
    // what Grafana puts in
    .map(({ expr }, index) => ({ record: `panel:${index}`, expr: expr.replaceAll("$__rate_interval", "5m") }));
  await using directory = await mkdtempDisposable(join(tmpdir(), "dashboard-"));
  const file = join(directory.path, "panels.yaml");
  await writeFile(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
  expect(promtool(["check", "rules", file]).said).toContain(`SUCCESS: ${rules.length} rules found`);
  expect(rules.length).toBeGreaterThan(30);
});

test("an operator that works exports metrics that Prometheus has nothing to say against, how long its writes took among them, and logs no token", async () => {
  const scene = await createScene(sandbox.client, "watched");
  const KUBECONFIG = sandbox.controlPlane.kubeconfigPath;
  await using operator = startProcess(["run", "--namespace=watched", "--health-port=0", "--log-level=trace"], {
    KUBECONFIG,
  });
  await operator.logged("ready");
  await scene.createMirror("peers");
  await scene.expectData("peers", {});
  await createPod(sandbox.client, { namespace: "watched", name: "a", labels: { app: "web" } });
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  await scene.expectCondition("peers", "Ready", { status: "True" });

  const metrics = await operator.get("/metrics");
  expect(promtool(["check", "metrics"], metrics)).toEqual({ status: 0, said: "" });
  expect(valueOf('configmap_writes_total{reason="create"}', metrics)).toBe(1);
  expect(valueOf('configmap_writes_total{reason="change"}', metrics)).toBeGreaterThanOrEqual(1);
  expect(valueOf("propagation_seconds_count", metrics)).toBeGreaterThanOrEqual(2);
  expect(valueOf("propagation_seconds_sum", metrics)).toBeGreaterThan(0);

  const [{ user } = { user: {} }] = (parse(await readFile(KUBECONFIG, "utf8")) as { users: { user: object }[] }).users;
  const secrets = Object.values(user).filter((secret) => typeof secret === "string");
  expect(secrets).not.toEqual([]);
  const log = JSON.stringify(operator.log);
  for (const secret of secrets) expect(log).not.toContain(secret);
});

test("of 130 mirrors that fail at once some 100 are told of by Events, and the others are counted", async () => {
  const scene = await createScene(sandbox.client, "failing");
  const KUBECONFIG = sandbox.controlPlane.kubeconfigPath;
  const began = performance.now();
  await using operator = startProcess(["run", "--namespace=failing", "--health-port=0"], { KUBECONFIG });
  await operator.logged("ready");
  // one of them has the ConfigMap
  const spec = { output: { configMapName: "shared" } };
  await Promise.all(Array.from({ length: 130 }, (_, index) => scene.createMirror(`peers-${index}`, spec)));
  const counts = async () => {
    const metrics = await operator.get("/metrics");
    const value = (series: string) => valueOf(series, metrics) ?? Number.NaN;
    return [value("events_created_total"), value("events_dropped_total")] as const;
  };
  await expect
    .poll(async () => (await counts()).reduce((sum, count) => sum + count), { timeout: 30_000 })
    .toBeGreaterThanOrEqual(129);
  const [created, dropped] = await counts();
  expect(created).toBeGreaterThanOrEqual(100);
  expect(created).toBeLessThanOrEqual(101 + (performance.now() - began) / 1000);
  expect(dropped).toBeGreaterThan(0);
});

/** An object, as far as it's looked at here. */
interface Built {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly podMetricsEndpoints: readonly { readonly port: string }[];
    readonly template: { readonly metadata: object; readonly spec: object };
  };
}

/** What kubectl makes of a kustomization. */
function build(directory: string): readonly Built[] {
  const { stdout, stderr } = kubectl(["kustomize", directory]);
  expect(stderr).toBe("");
  return parseAllDocuments(stdout).map((document) => document.toJS() as Built);
}

test("kubectl builds what the Prometheus operator and Grafana take, and the component that adds annotations", async () => {
  const objects = build(deployPath("monitoring"));
  expect(objects.map(({ kind, metadata: { namespace } }) => `${namespace} ${kind}`).toSorted()).toEqual([
    "metadata-mirror ConfigMap",
    "metadata-mirror PodMonitor",
    "metadata-mirror PrometheusRule",
  ]);
  await using directory = await mkdtempDisposable(join(tmpdir(), "annotated-"));
  const path = (of: string) => relative(directory.path, deployPath(of));
  const kustomization = { resources: [path("overlays/cluster-wide")], components: [path("monitoring/annotations")] };
  await writeFile(join(directory.path, "kustomization.yaml"), JSON.stringify(kustomization));
  const template = build(directory.path).find(({ kind }) => kind === "Deployment")?.spec.template;
  const annotations = {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "8080",
    "prometheus.io/path": "/metrics",
  };
  expect(template?.metadata).toMatchObject({ annotations });

  // the PodMonitor finds these pods, and that port
  const monitor = objects.find(({ kind }) => kind === "PodMonitor")?.spec;
  expect(template?.metadata).toMatchObject({ labels: monitor?.selector.matchLabels });
  const [endpoint] = monitor?.podMetricsEndpoints ?? [];
  expect(template?.spec).toMatchObject({ containers: [{ ports: [{ name: endpoint?.port, containerPort: 8080 }] }] });
});
