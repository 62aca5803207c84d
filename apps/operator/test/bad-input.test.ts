import { configMaps, namespaces, type Resource } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { createScene, type Scene, useSandbox } from "./support.ts";

const resourceQuotas: Resource = {
  group: "",
  version: "v1",
  plural: "resourcequotas",
  kind: "ResourceQuota",
  namespaced: true,
};

const sandbox = useSandbox({ operator: {} });

const labels = { app: "web" };

async function createTheirs(scene: Scene, name: string, data: Record<string, string>, immutable = false) {
  const { client, namespace } = scene;
  return client.create(configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace, name },
    data,
    immutable,
  });
}

test("a foreign ConfigMap is never touched: it's a TargetConflict until it goes", async () => {
  const scene = await createScene(sandbox.client, "conflict");
  const { client, namespace } = scene;
  const theirs = await createTheirs(scene, "peers", { secret: "theirs" });
  await createPod(client, { namespace, name: "a", labels });
  await scene.createMirror("peers");
  await scene.expectCondition("peers", "Ready", { status: "False", reason: "TargetConflict" });
  await scene.expectEvent("peers", "TargetConflict");
  expect((await scene.configMap("peers"))?.metadata.resourceVersion).toBe(theirs.metadata.resourceVersion);
  await client.delete(configMaps, { namespace, name: "peers" });
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
});

test("the ConfigMap of another mirror is foreign too: the first owner wins", async () => {
  const scene = await createScene(sandbox.client, "two-mirrors");
  const first = await scene.createMirror("peers-1");
  await scene.expectCondition("peers-1", "Ready", { status: "True" });
  await scene.createMirror("second", { output: { configMapName: "peers-1" } });
  await scene.expectCondition("second", "Ready", { status: "False", reason: "TargetConflict" });
  expect((await scene.configMap("peers-1"))?.metadata.ownerReferences?.[0]?.uid).toBe(first.metadata.uid);
});

test("an immutable ConfigMap of ours is TargetImmutable and Stalled, until it is deleted", async () => {
  const scene = await createScene(sandbox.client, "immutable");
  const { client, namespace } = scene;
  await scene.createMirror("peers");
  await scene.expectData("peers", {});
  await client.patch(configMaps, { namespace, name: "peers" }, { immutable: true });
  await createPod(client, { namespace, name: "a", labels });
  await scene.expectCondition("peers", "Ready", { status: "False", reason: "TargetImmutable" });
  await scene.expectCondition("peers", "Stalled", { status: "True", reason: "TargetImmutable" });
  await scene.expectEvent("peers", "TargetImmutable");
  expect((await scene.configMap("peers"))?.["data"]).toBeUndefined();
  await client.delete(configMaps, { namespace, name: "peers" });
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  await scene.expectCondition("peers", "Ready", { status: "True" });
});

test("a key that would be too long costs its item, not the mirror", async () => {
  const scene = await createScene(sandbox.client, "long-key");
  const name = "a".repeat(250);
  await createPod(sandbox.client, { namespace: scene.namespace, name, labels });
  const item = (path: string) => ({ path, fieldRef: { fieldPath: "metadata.name" } });
  await scene.createMirror("peers", { items: [item("n"), item("podName")] });
  await scene.expectData("peers", { [`${name}_n`]: name });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "KeyTooLong" });
  await scene.expectCondition("peers", "Ready", { status: "True" });
  await scene.expectEvent("peers", "KeyTooLong");
});

test("a container that a pod doesn't have costs that item of that pod", async () => {
  const scene = await createScene(sandbox.client, "no-container");
  const { namespace, client } = scene;
  await createPod(client, { namespace, name: "a", labels });
  const spec = { containers: [{ name: "other", image: "web" }] };
  await createPod(client, { namespace, name: "b", labels, spec });
  const resourceFieldRef = { containerName: "main", resource: "requests.cpu", divisor: "1m" };
  await scene.createMirror("peers", {
    items: [
      { path: "cpu", resourceFieldRef },
      { path: "ip", fieldRef: { fieldPath: "status.podIP" } },
    ],
  });
  await scene.expectData("peers", { a_cpu: "15", a_ip: "10.0.0.1", b_ip: "10.0.0.1" });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "UnknownContainer" });
  await scene.expectEvent("peers", "UnknownContainer");
});

test("a used-up quota is QuotaExceeded, and tried again until there is room", async () => {
  const scene = await createScene(sandbox.client, "quota");
  const { namespace, client } = scene;
  const hard = (configmaps: string) => ({ hard: { configmaps } });
  await client.create(resourceQuotas, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { namespace, name: "none" },
    spec: hard("0"),
  });
  // no controller runs here that would do this
  const ref = { namespace, name: "none", subresource: "status" };
  await client.patch(resourceQuotas, ref, { status: { ...hard("0"), used: { configmaps: "0" } } });
  await scene.createMirror("peers");
  await scene.expectCondition("peers", "Ready", { status: "False", reason: "QuotaExceeded" });
  await scene.expectEvent("peers", "QuotaExceeded");
  expect(await scene.configMap("peers")).toBeUndefined();
  await client.delete(resourceQuotas, { namespace, name: "none" });
  await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
});

test("in a namespace that is being deleted nothing is created", async () => {
  const scene = await createScene(sandbox.client, "leaving");
  await scene.createMirror("peers");
  await scene.expectCondition("peers", "Ready", { status: "True" });
  await sandbox.client.delete(namespaces, { name: "leaving" });
  await sandbox.client.delete(configMaps, { namespace: "leaving", name: "peers" });
  await scene.expectCondition("peers", "Ready", { status: "False", reason: "NamespaceTerminating" });
  expect(await scene.configMap("peers")).toBeUndefined();
});

test("a format that this release can't write is said to be left out, and the others are written", async () => {
  const scene = await createScene(sandbox.client, "formats");
  await createPod(sandbox.client, { namespace: scene.namespace, name: "a", labels });
  await scene.createMirror("peers", { output: { formats: [{ type: "Files" }, { type: "Hosts", key: "hosts" }] } });
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "FormatUnsupported" });
});

test("peers that find no room are counted, and those that were there stay", async () => {
  const scene = await createScene(sandbox.client, "no-room");
  const { namespace, client } = scene;
  await createPod(client, { namespace, name: "m", labels });
  await scene.createMirror("peers", { output: { peersPerShard: 1, maxShards: 1 } });
  await scene.expectData("peers", { m_podName: "m", m_labels: 'app="web"' });
  await createPod(client, { namespace, name: "a", labels });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "TooManyPeers" });
  await scene.expectEvent("peers", "TooManyPeers");
  await scene.expectData("peers", { m_podName: "m", m_labels: 'app="web"' });
});
