import { configMaps, pods } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { createScene, type Scene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox();

/** Counts the versions of a ConfigMap that a watch shows. */
function countVersions({ client, namespace }: Scene, name: string) {
  const stop = new AbortController();
  const versions: string[] = [];
  const ended = (async () => {
    const decode = (object: { metadata: { resourceVersion?: string } }) => object.metadata.resourceVersion ?? "";
    const options = { namespace, fieldSelector: `metadata.name=${name}`, decode, signal: stop.signal };
    for await (const event of client.watch(configMaps, options))
      if (event.type === "apply") versions.push(event.object);
  })();
  return {
    versions,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

/** Gives each of 20 pods 10 annotations, one after the other, and answers the last state. */
async function churn({ client, namespace, createMirror, expectData }: Scene) {
  const names = Array.from({ length: 20 }, (_, index) => `web-${index}`);
  await Promise.all(names.map((name) => createPod(client, { namespace, name, labels: { app: "web" } })));
  await createMirror("peers", {
    items: [{ path: "round", fieldRef: { fieldPath: "metadata.annotations['round']" } }],
  });
  await expectData("peers", Object.fromEntries(names.map((name) => [`${name}_round`, ""])));
  const change = (name: string, round: number) =>
    client.patch(pods, { namespace, name }, { metadata: { annotations: { round: String(round) } } });
  for (let round = 1; round <= 10; round++) await Promise.all(names.map((name) => change(name, round)));
  return Object.fromEntries(names.map((name) => [`${name}_round`, "10"]));
}

test("200 changes cost far fewer writes, since each write takes what came while the last one was under way", async () => {
  const scene = await createScene(sandbox.client, "burst");
  await using _operator = startOperator(sandbox.client);
  await using seen = countVersions(scene, "peers");
  const last = await churn(scene);
  await scene.expectData("peers", last);
  expect(seen.versions.length).toBeLessThan(150);
});

test("with a least interval between writes they are spaced out, and the last state is written", async () => {
  const scene = await createScene(sandbox.client, "spaced");
  // a second of the operator's clock, which runs ten times as fast, is ten
  await using _operator = startOperator(sandbox.client, { minWriteIntervalMs: 10_000 });
  await using seen = countVersions(scene, "peers");
  const start = performance.now();
  const last = await churn(scene);
  await scene.expectData("peers", last);
  const seconds = (performance.now() - start) / 1000;
  expect(seen.versions.length).toBeLessThanOrEqual(seconds + 2);
});

test("with a small budget of bytes a busy mirror is throttled and says so, catches up, and another namespace is not held up", async () => {
  const busy = await createScene(sandbox.client, "busy");
  const quiet = await createScene(sandbox.client, "quiet");
  // a shard of 20 peers is about 2 KB: the budget of the first 8 s is spent at once
  await using _operator = startOperator(sandbox.client, { namespaceWriteBytesPerSecond: 40 });
  await using seen = countVersions(busy, "peers");
  const last = await churn(busy);
  await quiet.createMirror("peers");
  await quiet.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
  await busy.expectCondition("peers", "Ready", { status: "True", reason: "Throttled" });
  await busy.expectData("peers", last);
  expect(seen.versions.length).toBeLessThan(20);
  await busy.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
});
