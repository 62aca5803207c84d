import { configMaps, type KubernetesObject, pods } from "@metadata-mirror/api-client";
import { MetadataMirrorStatus, PeerList } from "@metadata-mirror/metadata-model";
import pLimit from "p-limit";
import { beforeAll, expect, test } from "vitest";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { createScene, type Scene, startOperator, useSandbox } from "./support.ts";

const podCount = 20_000;
const peersPerShard = 100;
const maxShardSize = 32 * 1024;
const deadline = { timeout: 60_000, interval: 200 };

const sandbox = useSandbox();
let scene: Scene;

/** A pod that no scheduler takes: it stays Pending, which is all that a mirror with `include: All` asks for. */
function podOf(index: number, wave: string): KubernetesObject {
  const name = `web-${String(index).padStart(5, "0")}`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: scene.namespace, name, labels: { app: "web", wave } },
    spec: { containers: [{ name: "main", image: "none" }], terminationGracePeriodSeconds: 0 },
  };
}

beforeAll(async () => {
  scene = await createScene(sandbox.client, "large");
  const limit = pLimit(32);
  const wave = (index: number) => (index % 5 === 0 ? "stays" : "goes");
  const create = (index: number) => limit(() => scene.client.create(pods, podOf(index, wave(index))));
  await Promise.all(Array.from({ length: podCount }, (_, index) => create(index)));
  await scene.createMirror("peers", {
    peers: { selector: { matchLabels: { app: "web" } }, include: "All" },
    items: [
      { path: "podName", fieldRef: { fieldPath: "metadata.name" } },
      { path: "note", fieldRef: { fieldPath: "metadata.annotations['note']" } },
    ],
    output: { peersPerShard, maxShardSize, maxShards: 256, formats: [{ type: "JSON", key: "peers.json" }] },
  });
}, 120_000);

/** The shards that hold peers, with the names of these. */
async function shards() {
  const found: { name: string; version: string; peers: readonly string[]; size: number }[] = [];
  for await (const { items } of scene.client.list(configMaps, { namespace: scene.namespace })) {
    for (const { metadata, data = {} } of items as (KubernetesObject & { data?: Record<string, string> })[]) {
      const documents = Object.entries(data);
      const peers = documents.flatMap(([, text]) => PeerList.parse(JSON.parse(text)).peers);
      const size = documents.reduce((sum, [key, text]) => sum + 2 * key.length + Buffer.byteLength(text), 0);
      const { name = "", resourceVersion: version = "" } = metadata;
      if (peers.length > 0)
        found.push({
          name,
          version,
          peers: peers.map(({ podName }) => (typeof podName === "string" ? podName : "")),
          size,
        });
    }
  }
  return found;
}

async function peerCount(): Promise<number | undefined> {
  const { status } = await scene.client.get(metadataMirrors, { namespace: scene.namespace, name: "peers" });
  return MetadataMirrorStatus.parse(status ?? {}).peerCount;
}

test("20,000 peers are mirrored, each once and every shard within its bounds; a change of one rewrites one shard; when most leave, shards go", async () => {
  await using _operator = startOperator(scene.client);
  await expect.poll(peerCount, deadline).toBe(podCount);
  await scene.expectCondition("peers", "Complete", { status: "True" });
  const before = await shards();
  expect(before).toHaveLength(podCount / peersPerShard);
  expect(new Set(before.flatMap(({ peers }) => peers)).size).toBe(podCount);
  for (const shard of before) {
    expect(shard.peers.length).toBeLessThanOrEqual(peersPerShard);
    expect(shard.size).toBeLessThanOrEqual(maxShardSize);
  }

  const changed = "web-12345";
  const note = { metadata: { annotations: { note: "changed" } } };
  await scene.client.patch(pods, { namespace: scene.namespace, name: changed }, note);
  const isNew = ({ version }: { version: string }) => !before.some((old) => old.version === version);
  await expect.poll(async () => (await shards()).filter(isNew), deadline).toHaveLength(1);
  const [written] = (await shards()).filter(isNew);
  expect(written?.peers).toContain(changed);

  const selector = { matchLabels: { app: "web", wave: "stays" } };
  const ref = { namespace: scene.namespace, name: "peers" };
  await scene.client.patch(metadataMirrors, ref, { spec: { peers: { selector } } });
  await expect.poll(peerCount, deadline).toBe(podCount / 5);
  await expect.poll(async () => (await shards()).length, deadline).toBeLessThan(podCount / peersPerShard / 3);
  // those that move are in two places until the last of the shards that go has let go of them; none is ever missing
  const held = async () => (await shards()).flatMap(({ peers }) => peers);
  expect(new Set(await held()).size).toBe(podCount / 5);
  await expect.poll(held, deadline).toHaveLength(podCount / 5);
  expect(new Set(await held()).size).toBe(podCount / 5);
});
