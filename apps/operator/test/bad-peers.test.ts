import { configMaps, type KubernetesObject, pods } from "@metadata-mirror/api-client";
import { PeerList } from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { expectCalm } from "./calm.ts";
import { createScene, type Scene, useSandbox } from "./support.ts";

const sandbox = useSandbox({ operator: {} });

const labels = { app: "web" };
const nameItem = (path: string) => ({ path, fieldRef: { fieldPath: "metadata.name" } });
const ipItem = { path: "ip", fieldRef: { fieldPath: "status.podIP" } };

/** Key → length of its value, of all ConfigMaps of the namespace but the API server's own. */
async function lengths({ client, namespace }: Scene): Promise<Record<string, number>[]> {
  const found: KubernetesObject[] = [];
  for await (const { items } of client.list(configMaps, { namespace })) found.push(...items);
  return found.map(({ data = {} }) =>
    Object.fromEntries(Object.entries(data as Record<string, string>).map(([key, value]) => [key, value.length])),
  );
}

/** A pod whose status has no IP, as one has whose sandbox isn't there yet. */
async function createPodWithoutIP({ client, namespace }: Scene, name: string): Promise<void> {
  const spec = { nodeName: "node-1", containers: [{ name: "main", image: "web" }] };
  await client.create(pods, { apiVersion: "v1", kind: "Pod", metadata: { namespace, name, labels }, spec });
  await client.patch(pods, { namespace, name, subresource: "status" }, { status: { phase: "Running" } });
}

// all annotations of an object together, keys included, may hold 256 KiB
const largest = 256 * 1024 - 1;

test("annotations of 256 KiB are left out where a shard is no larger, whatever else it holds stays, and fit into larger ones", async () => {
  const scene = await createScene(sandbox.client, "huge");
  const { client, namespace } = scene;
  const items = [{ path: "n", fieldRef: { fieldPath: "metadata.annotations['n']" } }];
  for (const name of ["a", "b", "c", "d", "e"]) {
    await createPod(client, { namespace, name, labels, annotations: { n: name } });
  }
  await scene.createMirror("peers", { items, output: { maxShardSize: "256Ki" } });
  await scene.expectData("peers", { a_n: "a", b_n: "b", c_n: "c", d_n: "d", e_n: "e" });

  const grow = (name: string) =>
    client.patch(pods, { namespace, name }, { metadata: { annotations: { n: name.repeat(largest) } } });
  await Promise.all(["a", "b", "c", "d"].map(grow));
  await scene.expectCondition("peers", "Complete", {
    status: "False",
    reason: "PeerTooLarge",
    message: expect.stringContaining("4 peers larger than output.maxShardSize left out, first huge/a") as string,
  });
  await scene.expectEvent("peers", "PeerTooLarge");
  await scene.expectData("peers", { e_n: "e" });
  await expectCalm(sandbox.operatorRequests, namespace);

  await client.patch(metadataMirrors, { namespace, name: "peers" }, { spec: { output: { maxShardSize: "1Mi" } } });
  await scene.expectCondition("peers", "Complete", { status: "True" });
  await expect.poll(() => lengths(scene), { timeout: 20_000 }).toHaveLength(2);
  const shards = await lengths(scene);
  expect(Object.assign({}, ...shards)).toEqual({ a_n: largest, b_n: largest, c_n: largest, d_n: largest, e_n: 1 });
  await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
});

test("names of 253 characters with long paths cost the items whose key would be too long, and nothing else", async () => {
  const scene = await createScene(sandbox.client, "long-key");
  const { client, namespace } = scene;
  const longest = "a".repeat(253);
  const long = "b".repeat(250);
  for (const name of [longest, long, "short"]) await createPod(client, { namespace, name, labels });
  const path = "p".repeat(63);
  await scene.createMirror("peers", { items: [nameItem("n"), nameItem(path)] });
  await scene.expectData("peers", { [`${long}_n`]: long, short_n: "short", [`short_${path}`]: "short" });
  await scene.expectCondition("peers", "Complete", {
    status: "False",
    reason: "KeyTooLong",
    message: expect.stringContaining("and 2 more items") as string,
  });
  await scene.expectCondition("peers", "Ready", { status: "True" });
  await scene.expectEvent("peers", "KeyTooLong");
  await expectCalm(sandbox.operatorRequests, namespace);
});

test("pods without an IP have an empty file, and no line in documents of addresses; IPv6 alone is an address too", async () => {
  const scene = await createScene(sandbox.client, "addresses");
  const { client, namespace } = scene;
  await createPodWithoutIP(scene, "none");
  await createPod(client, { namespace, name: "six", labels, podIP: "fd00::6" });
  await scene.createMirror("peers", {
    items: [ipItem],
    output: {
      formats: [
        { type: "Files" },
        { type: "Hosts", key: "hosts" },
        { type: "PrometheusFileSD", key: "targets.json", prometheusFileSD: { port: 9090 } },
      ],
    },
  });
  const keys = async () => (await scene.configMap("peers"))?.["data"] as Record<string, string> | undefined;
  await expect.poll(async () => (await keys())?.["six_ip"], { timeout: 20_000 }).toBe("fd00::6");
  const { hosts = "", "targets.json": targets = "", none_ip: none } = (await keys()) ?? {};
  expect(none).toBe("");
  expect(hosts.split("\n").filter((line) => !line.startsWith("#") && line !== "")).toEqual([
    "fd00::6 six six.addresses",
  ]);
  expect((JSON.parse(targets) as { targets: string[] }[]).flatMap((group) => group.targets)).toEqual([
    "[fd00::6]:9090",
  ]);
  await scene.expectCondition("peers", "Complete", { status: "True" });
});

test("of four containers with the same resource each item shows its own", async () => {
  const scene = await createScene(sandbox.client, "four");
  const names = ["c0", "c1", "c2", "c3"];
  const containers = names.map((name, index) => ({
    name,
    image: "web",
    resources: { requests: { cpu: `${index + 1}00m` } },
  }));
  await createPod(sandbox.client, { namespace: scene.namespace, name: "a", labels, spec: { containers } });
  const item = (containerName: string) => ({
    path: `cpu.${containerName}`,
    resourceFieldRef: { containerName, resource: "requests.cpu", divisor: "1m" },
  });
  await scene.createMirror("peers", { items: names.map(item) });
  await scene.expectData("peers", { "a_cpu.c0": "100", "a_cpu.c1": "200", "a_cpu.c2": "300", "a_cpu.c3": "400" });
});

test("a container that a pod doesn't have costs that item of that pod", async () => {
  const scene = await createScene(sandbox.client, "no-container");
  const { namespace, client } = scene;
  await createPod(client, { namespace, name: "a", labels });
  const spec = { containers: [{ name: "other", image: "web" }] };
  await createPod(client, { namespace, name: "b", labels, spec });
  const resourceFieldRef = { containerName: "main", resource: "requests.cpu", divisor: "1m" };
  await scene.createMirror("peers", { items: [{ path: "cpu", resourceFieldRef }, ipItem] });
  await scene.expectData("peers", { a_cpu: "15", a_ip: "10.0.0.1", b_ip: "10.0.0.1" });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "UnknownContainer" });
  await scene.expectEvent("peers", "UnknownContainer");
  await expectCalm(sandbox.operatorRequests, namespace);
});

test("paths that would be one variable in Env are files of their own, and the second line is left out and told", async () => {
  const scene = await createScene(sandbox.client, "collisions");
  await createPod(sandbox.client, { namespace: scene.namespace, name: "a", labels });
  await scene.createMirror("peers", {
    items: [nameItem("my-path"), nameItem("my.path"), nameItem("env")],
    output: { formats: [{ type: "Files" }, { type: "Env", key: "env" }, { type: "JSON", key: "peers.json" }] },
  });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "EnvNameTaken" });
  const {
    "peers.json": document = "",
    env = "",
    ...files
  } = ((await scene.configMap("peers"))?.["data"] ?? {}) as Record<string, string>;
  expect(files).toEqual({ "a_my-path": "a", "a_my.path": "a", a_env: "a" });
  expect(env.split("\n").filter((line) => line.includes("="))).toEqual(["A_MY_PATH=a", "A_ENV=a"]);
  expect(PeerList.parse(JSON.parse(document)).peers).toHaveLength(1);
  await expectCalm(sandbox.operatorRequests, scene.namespace);
});

test.each([
  [
    "a key that two formats have",
    {
      output: {
        formats: [
          { type: "JSON", key: "x" },
          { type: "Hosts", key: "x" },
        ],
      },
    },
    "keys must be unique",
  ],
  ["a key that a file may have", { output: { formats: [{ type: "JSON", key: "a_ip" }] } }, "should match"],
  [
    "a key that a further shard has",
    { output: { formats: [{ type: "JSON", key: "peers-1.json" }] } },
    "must not end in -<digits>",
  ],
  ["a path that two items have", { items: [nameItem("n"), nameItem("n")] }, "Duplicate value"],
])("%s is refused by the API server", async (name, spec, message) => {
  const scene = await createScene(sandbox.client, `refused-${name.replaceAll(/[^a-z]+/g, "-")}`);
  await expect(scene.createMirror("peers", spec)).rejects.toThrow(message);
});
