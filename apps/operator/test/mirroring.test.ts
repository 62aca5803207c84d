import { configMaps, pods } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createPod, deletePod } from "../src/demo/sandbox.ts";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { createScene, useSandbox } from "./support.ts";

const sandbox = useSandbox({ operator: {} });

const web = { labels: { app: "web" } };
const filesOf = (...names: string[]) =>
  Object.fromEntries(
    names.flatMap((name) => [
      [`${name}_podName`, name],
      [`${name}_labels`, 'app="web"'],
    ]),
  );

function relabel(namespace: string, name: string, app: string) {
  return sandbox.client.patch(pods, { namespace, name }, { metadata: { labels: { app } } });
}

test("a ConfigMap follows pods that come, are relabelled out and in, stop running and go", async () => {
  const { namespace, client, createMirror, expectData } = await createScene(sandbox.client, "follows");
  await createMirror("peers");
  await expectData("peers", {});
  await createPod(client, { namespace, name: "a", ...web });
  await createPod(client, { namespace, name: "b", ...web });
  await createPod(client, { namespace, name: "db", labels: { app: "db" } });
  await expectData("peers", filesOf("a", "b"));
  await relabel(namespace, "a", "db");
  await expectData("peers", filesOf("b"));
  await relabel(namespace, "a", "web");
  await expectData("peers", filesOf("a", "b"));
  await client.patch(pods, { namespace, name: "b", subresource: "status" }, { status: { phase: "Failed" } });
  await expectData("peers", filesOf("a"));
  await deletePod(client, namespace, "a");
  await expectData("peers", {});
});

test("the ConfigMap names its mirror by label and as its controller, which doesn't block the owner's deletion", async () => {
  const { createMirror, configMap, expectData, namespace, client } = await createScene(sandbox.client, "owned");
  const mirror = await createMirror("peers", { output: { configMapName: "their-data" } });
  await expectData("their-data", {});
  const { metadata } = (await configMap("their-data")) ?? {};
  expect(metadata?.labels).toEqual({ "metadatamirror.dev/mirror": "peers" });
  expect(metadata?.ownerReferences).toEqual([
    {
      apiVersion: "metadatamirror.dev/v1alpha1",
      kind: "MetadataMirror",
      name: "peers",
      uid: mirror.metadata.uid,
      controller: true,
    },
  ]);
  expect(await client.get(configMaps, { namespace, name: "peers" }).catch((error: Error) => error.message)).toMatch(
    /not found/,
  );
});

const drifts: Record<string, object> = {
  "an edited value": { data: { a_podName: "mallory" } },
  "an added key": { data: { extra: "1" } },
  "a removed key": { data: { a_labels: null } },
  "binary data": { binaryData: { blob: "AAEC" } },
  "a removed label": { metadata: { labels: { "metadatamirror.dev/mirror": null } } },
  "a changed label": { metadata: { labels: { "metadatamirror.dev/mirror": "other" } } },
  "a removed owner": { metadata: { ownerReferences: null } },
  "a removed placement": { metadata: { annotations: { "metadatamirror.dev/placement": null } } },
};

test.each(Object.entries(drifts))("%s is put back, and foreign labels stay", async (title, edit) => {
  const scene = await createScene(sandbox.client, `drift-${title.replaceAll(" ", "-")}`);
  const { namespace, client } = scene;
  await createPod(client, { namespace, name: "a", ...web });
  await scene.createMirror("peers");
  await scene.expectData("peers", filesOf("a"));
  await client.patch(configMaps, { namespace, name: "peers" }, { metadata: { labels: { theirs: "stays" } } });
  const essence = async () => {
    const found = await scene.configMap("peers");
    const { labels, ownerReferences, annotations } = found?.metadata ?? {};
    return { labels, ownerReferences, annotations, data: found?.["data"], binaryData: found?.["binaryData"] };
  };
  const before = await essence();
  expect(before.labels).toEqual({ "metadatamirror.dev/mirror": "peers", theirs: "stays" });

  await client.patch(configMaps, { namespace, name: "peers" }, edit);

  await expect.poll(essence, { timeout: 20_000, interval: 25 }).toEqual(before);
});

test("a ConfigMap that is deleted is made anew", async () => {
  const { namespace, client, createMirror, expectData, configMap } = await createScene(sandbox.client, "deleted");
  await createPod(client, { namespace, name: "a", ...web });
  await createMirror("peers");
  await expectData("peers", filesOf("a"));
  const { uid } = (await configMap("peers"))?.metadata ?? {};
  await client.delete(configMaps, { namespace, name: "peers" });
  await expectData("peers", filesOf("a"));
  expect((await configMap("peers"))?.metadata.uid).not.toBe(uid);
});

test("a changed spec is followed: selector, items and formats", async () => {
  const { namespace, client, createMirror, expectData } = await createScene(sandbox.client, "spec");
  await createPod(client, { namespace, name: "a", ...web });
  await createPod(client, { namespace, name: "b", labels: { app: "db" }, podIP: "10.0.0.2" });
  await createMirror("peers");
  await expectData("peers", filesOf("a"));
  const change = (spec: object) => client.patch(metadataMirrors, { namespace, name: "peers" }, { spec });
  await change({ peers: { selector: { matchLabels: { app: "db" } } } });
  await expectData("peers", { b_podName: "b", b_labels: 'app="db"' });
  await change({ items: [{ path: "ip", fieldRef: { fieldPath: "status.podIP" } }] });
  await expectData("peers", { b_ip: "10.0.0.2" });
  await change({ output: { formats: [{ type: "Hosts", key: "hosts" }] } });
  await expectData("peers", { hosts: `10.0.0.2 b b.${namespace}\n` });
});

test("include tells when a pod is a peer, and the status counts the peers", async () => {
  const { namespace, client, createMirror, expectData, expectCondition } = await createScene(sandbox.client, "include");
  await createPod(client, { namespace, name: "a", ...web });
  await createPod(client, { namespace, name: "b", ...web });
  await client.patch(
    pods,
    { namespace, name: "b", subresource: "status" },
    {
      status: { conditions: [{ type: "Ready", status: "False" }] },
    },
  );
  const include = (value: string) => ({ peers: { selector: { matchLabels: { app: "web" } }, include: value } });
  await createMirror("ready", include("Ready"));
  await createMirror("running", include("Running"));
  await expectData("ready", filesOf("a"));
  await expectData("running", filesOf("a", "b"));
  await expectCondition("running", "Ready", { status: "True", reason: "InSync", observedGeneration: 1 });
  const { status } = await client.get(metadataMirrors, { namespace, name: "running" });
  expect(status).toMatchObject({ peerCount: 2, shardCount: 1, shards: [{ name: "running", peers: 2 }] });
});

test("after its mirror is gone a ConfigMap is left to the garbage collector, and a new mirror of the name waits for that", async () => {
  const scene = await createScene(sandbox.client, "successor");
  const { namespace, client, createMirror, expectData, expectCondition, configMap } = scene;
  await createMirror("peers");
  await expectData("peers", {});
  const { uid } = (await configMap("peers"))?.metadata ?? {};
  await client.delete(metadataMirrors, { namespace, name: "peers" });
  await createPod(client, { namespace, name: "a", ...web });
  await createMirror("peers");
  // there's no garbage collector here: the test plays it
  await expectCondition("peers", "Ready", { status: "Unknown", reason: "Progressing" });
  expect(await configMap("peers")).toMatchObject({ metadata: { uid } });
  expect((await configMap("peers"))?.["data"]).toBeUndefined();
  await client.delete(configMaps, { namespace, name: "peers" });
  await expectData("peers", filesOf("a"));
  await expectCondition("peers", "Ready", { status: "True" });
});

test("a ConfigMap that lost its owner, as after a restore, is taken over", async () => {
  const { namespace, client, createMirror, expectData, configMap } = await createScene(sandbox.client, "restored");
  await client.create(configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace, name: "peers", labels: { "metadatamirror.dev/mirror": "peers" } },
    data: { gone_podName: "gone" },
  });
  const { metadata } = await createMirror("peers");
  await expectData("peers", {});
  expect((await configMap("peers"))?.metadata.ownerReferences?.map((owner) => owner.uid)).toEqual([metadata.uid]);
});
