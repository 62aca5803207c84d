import process from "node:process";
import { configMaps, pods, systemClock } from "@metadata-mirror/api-client";
import { freePort } from "@metadata-mirror/control-plane";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { valueOf } from "../src/testing/series.ts";
import { alternate, follow, inWords, p99, roundItem } from "./latency.ts";
import { createScene, type Scene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox();
const mebibyte = 1024 * 1024;
const labels = { app: "web" };

/** The budget of a namespace, and what may go at once. */
const perSecond = mebibyte;
const burstSeconds = 8;

/** A ConfigMap of 400 KB: 20 peers with 20 KB each that never change, and a small one that changes. */
async function createLargeMirror(scene: Scene): Promise<void> {
  const { client, namespace, createMirror } = scene;
  const annotations = { blob: "x".repeat(20_000) };
  const large = Array.from({ length: 20 }, (_, index) => `large-${index}`);
  await Promise.all(large.map((name) => createPod(client, { namespace, name, labels, annotations })));
  await createPod(client, { namespace, name: "busy", labels });
  await createMirror("peers", {
    items: [roundItem, { path: "blob", fieldRef: { fieldPath: "metadata.annotations['blob']" } }],
    output: { maxShardSize: "1Mi" },
  });
  await scene.expectCondition("peers", "Ready", { status: "True" });
}

/** Changes the pod as fast as the API server takes it until `signal` aborts, with numbers from `first` on, and answers the last. */
async function annotateInALoop({ client, namespace }: Scene, first: number, signal: AbortSignal): Promise<number> {
  for (let round = first; ; round++) {
    const annotations = { round: String(round) };
    await client.patch(pods, { namespace, name: "busy" }, { metadata: { annotations } });
    if (signal.aborted) return round;
  }
}

async function writtenBytes(healthPort: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${healthPort}/metrics`);
  return valueOf("configmap_written_bytes_total", await answer.text()) ?? Number.NaN;
}

test("who annotates in a loop stays within his budget, and his neighbour doesn't wait for him", async () => {
  const greedy = await createScene(sandbox.client, "greedy");
  const quiet = await createScene(sandbox.client, "quiet");
  const healthPort = await freePort();
  const config = { healthPort, namespaceWriteBytesPerSecond: perSecond, writeBytesPerSecond: 2 * perSecond };
  await using _operator = startOperator(sandbox.client, config, systemClock);
  await createLargeMirror(greedy);
  await createPod(quiet.client, { namespace: "quiet", name: "one", labels });
  await quiet.createMirror("peers", { items: [roundItem] });
  await quiet.expectData("peers", { one_round: "" });
  await using neighbour = follow(quiet, "peers", "one");
  await neighbour.change();

  const start = performance.now();
  const before = { etcd: await sandbox.controlPlane.etcdBytes(), written: await writtenBytes(healthPort) };
  const annotate = (soFar: number, signal: AbortSignal) => annotateInALoop(greedy, soFar + 1, signal);
  const { alone, beside, loaded: changes } = await alternate(neighbour, 5_000, annotate);
  const seconds = (performance.now() - start) / 1_000;
  const stored = (await sandbox.controlPlane.etcdBytes()) - before.etcd;
  const written = (await writtenBytes(healthPort)) - before.written;

  const inMebibytes = (bytes: number) => `${(bytes / mebibyte).toFixed(1)} MiB`;
  process.stdout.write(
    `${changes} changes in a loop: ConfigMaps of ${inMebibytes(written)} written and ${inMebibytes(stored)} stored by etcd in ${seconds.toFixed(0)} s\n`,
  );
  process.stdout.write(`the neighbour alone: ${inWords(alone)}; beside the loop: ${inWords(beside)}\n`);

  const object = 420_000;
  // that many would there have been without a budget, had each change been written
  expect(changes * object).toBeGreaterThan(5 * perSecond * seconds);
  const neighbours = (alone.length + beside.length) * 2_048;
  const budget = (seconds + burstSeconds) * perSecond + object + neighbours;
  expect(written).toBeLessThan(budget);
  expect(written).toBeGreaterThan(perSecond * 10);
  // a fifth for what etcd needs beside the objects, and the pods that were changed, 2 KB each time
  expect(stored).toBeLessThan(1.2 * (budget + changes * 2_048 + neighbours));
  expect(p99(beside)).toBeLessThan(Math.max(1_000, 3 * p99(alone)));

  const shown = async () => (await greedy.client.get(configMaps, { namespace: "greedy", name: "peers" }))["data"];
  await expect.poll(shown, { timeout: 20_000 }).toMatchObject({ busy_round: String(changes) });
});
