import { configMaps, namespaces, pods, type Resource } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { expectCalm } from "./calm.ts";
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
  await expectCalm(sandbox.operatorRequests, namespace);
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
  await createPod(client, { namespace, name: "b", labels });
  await scene.createMirror("peers");
  await scene.expectData("peers", { b_podName: "b", b_labels: 'app="web"' });
  await client.patch(configMaps, { namespace, name: "peers" }, { immutable: true });
  await createPod(client, { namespace, name: "a", labels });
  await scene.expectCondition("peers", "Ready", { status: "False", reason: "TargetImmutable" });
  await scene.expectCondition("peers", "Stalled", { status: "True", reason: "TargetImmutable" });
  await scene.expectEvent("peers", "TargetImmutable");
  await expectCalm(sandbox.operatorRequests, namespace);
  await scene.expectData("peers", { b_podName: "b", b_labels: 'app="web"' });
  await client.delete(configMaps, { namespace, name: "peers" });
  await scene.expectData("peers", {
    a_podName: "a",
    a_labels: 'app="web"',
    b_podName: "b",
    b_labels: 'app="web"',
  });
  await scene.expectCondition("peers", "Ready", { status: "True" });
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
  await expectCalm(sandbox.operatorRequests, namespace);
  expect(await scene.configMap("peers")).toBeUndefined();
  await client.delete(resourceQuotas, { namespace, name: "none" });
  await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
});

test("a quota of ConfigMaps that is used up later is backed off from, the other shards stay in sync, and it heals", async () => {
  const scene = await createScene(sandbox.client, "few");
  const { namespace, client } = scene;
  await createPod(client, { namespace, name: "a", labels, podIP: "10.0.0.1" });
  const items = [{ path: "ip", fieldRef: { fieldPath: "status.podIP" } }];
  await scene.createMirror("peers", { items, output: { peersPerShard: 1 } });
  await scene.expectData("peers", { a_ip: "10.0.0.1" });
  const hard = (count: string) => ({ hard: { "count/configmaps": count } });
  await client.create(resourceQuotas, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { namespace, name: "few" },
    spec: hard("1"),
  });
  const ref = { namespace, name: "few" };
  const setQuota = async (count: string, used: string) => {
    await client.patch(resourceQuotas, ref, { spec: hard(count) });
    const status = { ...hard(count), used: { "count/configmaps": used } };
    await client.patch(resourceQuotas, { ...ref, subresource: "status" }, { status });
  };
  await setQuota("1", "1");
  await createPod(client, { namespace, name: "b", labels, podIP: "10.0.0.2" });
  await scene.expectCondition("peers", "Ready", { status: "False", reason: "QuotaExceeded" });
  await scene.expectStatus("peers", { peerCount: 1, shards: [{ name: "peers", peers: 1 }] });
  await expectCalm(sandbox.operatorRequests, namespace);
  await client.patch(
    pods,
    { namespace, name: "a", subresource: "status" },
    { status: { podIP: "10.0.0.9", podIPs: [{ ip: "10.0.0.9" }] } },
  );
  await scene.expectData("peers", { a_ip: "10.0.0.9" });
  await setQuota("2", "1");
  await scene.expectData("peers-1", { b_ip: "10.0.0.2" });
  await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
  await scene.expectStatus("peers", { peerCount: 2, shardCount: 2 });
});

test("in a namespace that is being deleted nothing is created", async () => {
  const scene = await createScene(sandbox.client, "leaving");
  await scene.createMirror("peers");
  await scene.expectCondition("peers", "Ready", { status: "True" });
  await sandbox.client.delete(namespaces, { name: "leaving" });
  await sandbox.client.delete(configMaps, { namespace: "leaving", name: "peers" });
  await scene.expectCondition("peers", "Ready", { status: "False", reason: "NamespaceTerminating" });
  await expectCalm(sandbox.operatorRequests, "leaving");
  expect(await scene.configMap("peers")).toBeUndefined();
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
