import picocolors from "picocolors";
import { expect, test } from "vitest";
import { type Picture, screen } from "./screen.ts";
import type { Sight } from "./sight.ts";

const plain = picocolors.createColors(false);

const pod = (podIP: string, labels: Record<string, string>) => ({ labels, annotations: {}, podIP, phase: "Running" });
const sight = (data: Record<string, string>, pods: Sight["pods"]): Sight => ({
  pods,
  configMaps: new Map([["web-peers", { data, owners: [] }]]),
});

const web0 = { "web-0_labels": 'app="web"\ntrack="stable"', "web-0_podName": "web-0" };
const before = sight(
  { "peers.json": "[]", ...web0, "web-1_labels": 'app="web"', "web-1_podName": "web-1" },
  new Map([
    ["db-0", pod("10.0.0.20", { app: "db" })],
    ["web-0", pod("10.0.0.10", { app: "web", track: "stable" })],
    ["web-1", pod("10.0.0.11", { app: "web" })],
  ]),
);
const now = sight(
  { "peers.json": "[1]", ...web0 },
  new Map([
    ["db-0", pod("10.0.0.20", { app: "db" })],
    ["web-0", pod("10.0.0.10", { app: "web", track: "stable" })],
    ["web-1", pod("10.0.0.11", { app: "batch" })],
  ]),
);
const picture: Picture = {
  kubeconfigPath: "/tmp/control-plane-1/kubeconfig",
  tally: { latencies: [4, 6], failed: 0 },
  step: { title: "web-1 is relabelled, and leaves", outcome: { ms: 6, faults: [] } },
  before,
  now,
};

test("it shows the step, the pods and the keys, with a sign for what changed", () => {
  expect(`\n${screen(picture, { columns: 72, rows: 24 }, plain)}`).toBe(`
 Metadata Mirror · q quits                2 changes mirrored, p50 5.0 ms
 export KUBECONFIG=/tmp/control-plane-1/kubeconfig; kubectl get mm,cm,po
ds

 ✔ web-1 is relabelled, and leaves                                6.0 ms

 Pods 3 · mirrored ● 1
 ○ db-0   10.0.0.20   Running  app=db
 ● web-0  10.0.0.10   Running  app=web  track=stable
~○ web-1  10.0.0.11   Running  app=batch

 ConfigMap web-peers · keys 3
~  peers.json     [1]
   web-0_labels   app="web" ⏎ track="stable"
   web-0_podName  web-0
-  web-1_labels   app="web"
-  web-1_podName  web-1`);
});

test("a low terminal shows what changed first, and how much is left out", () => {
  expect(`\n${screen(picture, { columns: 80, rows: 14 }, plain)}`).toBe(`
 Metadata Mirror · q quits                        2 changes mirrored, p50 5.0 ms
 export KUBECONFIG=/tmp/control-plane-1/kubeconfig; kubectl get mm,cm,pods

 ✔ web-1 is relabelled, and leaves                                        6.0 ms

 Pods 3 · mirrored ● 1
~○ web-1  10.0.0.11   Running  app=batch
   … 2 more

 ConfigMap web-peers · keys 3
~  peers.json    [1]
-  web-1_labels  app="web"
   … 3 more`);
});

test("it fits into a terminal of any size", () => {
  for (let columns = 0; columns <= 100; columns += 5) {
    for (let rows = 0; rows <= 30; rows++) {
      const lines = screen(picture, { columns, rows }, plain).split("\n");
      expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
  }
});

test("a step under way is shown as such, and one that went wrong with what was wrong", () => {
  const wide = { columns: 80, rows: 24 };
  const waiting = { ...picture, step: { title: "web-2 comes", outcome: undefined } };
  expect(screen(waiting, wide, plain)).toMatch(/^ ▶ web-2 comes +…$/m);
  const outcome = { ms: 10_000, faults: ["web-peers: expected, but there is no such ConfigMap"] };
  const wrong = { ...picture, step: { title: "web-2 comes", outcome } };
  expect(screen(wrong, wide, plain)).toMatch(/^ ✘ web-2 comes +wrong\n {3}web-peers: expected, but/m);
});

test("while the ConfigMap isn't there, that is shown", () => {
  const gone = { ...picture, now: { ...now, configMaps: new Map() } };
  expect(screen(gone, { columns: 80, rows: 24 }, plain)).toContain(" ConfigMap web-peers · not there");
});

test("what changed has a colour", () => {
  const text = screen(picture, { columns: 80, rows: 24 }, picocolors.createColors(true));
  expect(text).toContain(picocolors.createColors(true).yellow("[1]"));
});
