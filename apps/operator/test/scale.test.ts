import { configMaps, type KubernetesObject } from "@metadata-mirror/api-client";
import { beforeAll, expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { createScene, type Scene, startOperator, useSandbox } from "./support.ts";

const podCount = 1200;
const sandbox = useSandbox();
let scene: Scene;
beforeAll(async () => {
  scene = await createScene(sandbox.client, "many");
  const { client, namespace } = scene;
  const names = Array.from({ length: podCount }, (_, index) => `web-${index}`);
  for (let at = 0; at < podCount; at += 20) {
    const batch = names.slice(at, at + 20);
    await Promise.all(batch.map((name) => createPod(client, { namespace, name, labels: { app: "web" } })));
  }
});

async function shards(): Promise<KubernetesObject[]> {
  const found: KubernetesObject[] = [];
  for await (const { items } of scene.client.list(configMaps, { namespace: scene.namespace })) found.push(...items);
  return found;
}

const keysOf = (configMap: KubernetesObject) => Object.keys((configMap["data"] ?? {}) as object);
const versionsOf = (found: readonly KubernetesObject[]) =>
  found.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).toSorted();

test("1,200 pods, which come in several pages, are mirrored on shards of 100, each pod once", async () => {
  await using _operator = startOperator(scene.client);
  await scene.createMirror("peers");
  await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
  const found = await shards();
  expect(found).toHaveLength(podCount / 100);
  expect(found.map((shard) => keysOf(shard).length)).toEqual(found.map(() => 200));
  expect(new Set(found.flatMap(keysOf)).size).toBe(2 * podCount);
  await scene.expectCondition("peers", "Complete", { status: "True" });
});

test("an operator that starts again writes nothing, neither ConfigMaps nor status, but follows the next change", async () => {
  const before = versionsOf(await shards());
  const statusBefore = (await scene.client.get(metadataMirrors, { namespace: scene.namespace, name: "peers" }))
    .metadata;

  await using _operator = startOperator(scene.client);
  // a second mirror, which needs a write, proves that the passes over the first one have run
  await scene.createMirror("one", { peers: { selector: { matchLabels: { app: "none" } } } });
  await scene.expectCondition("one", "Ready", { status: "True" });
  const after = (await shards()).filter((shard) => shard.metadata.name !== "one");
  expect(versionsOf(after)).toEqual(before);
  const statusAfter = (await scene.client.get(metadataMirrors, { namespace: scene.namespace, name: "peers" })).metadata;
  expect(statusAfter.resourceVersion).toBe(statusBefore.resourceVersion);

  await createPod(scene.client, { namespace: scene.namespace, name: "web-new", labels: { app: "web" } });
  await expect.poll(async () => (await shards()).flatMap(keysOf), { timeout: 20_000 }).toContain("web-new_podName");
  const unmoved = versionsOf(await shards()).filter((version) => before.includes(version));
  expect(unmoved).toHaveLength(podCount / 100);
});
