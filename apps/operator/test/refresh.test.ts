import { type ApiClient, ApiError, configMaps, events, type KubernetesObject, pods } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { deployPath, operatorClient, operatorUser, useKubectl } from "./kubectl.ts";
import { createScene, type Scene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox({ users: [operatorUser] });
const kubectl = useKubectl(sandbox);

const deadline = { timeout: 30_000, interval: 25 };
const immediate = { consumers: { refreshPolicy: "Immediate" } };
const files = { items: [{ path: "ip", fieldRef: { fieldPath: "status.podIP" } }] };
const revisionKey = "metadatamirror.dev/revision";

const plain = { name: "v", configMap: { name: "peers", optional: true } };
const mountsIt = { name: "v", mountPath: "/peers" };
const container = (fields: object) => ({ name: "main", image: "web", ...fields });

/** A consumer's spec: `volume` in a volume, which its container mounts. */
const consumer = (volume: object = plain, mount: object = mountsIt) => ({
  volumes: [volume],
  containers: [container({ volumeMounts: [mount] })],
});

const podOf = ({ client, namespace }: Scene, name: string) => client.get(pods, { namespace, name });
const revision = async (scene: Scene, name: string) => (await podOf(scene, name)).metadata.annotations?.[revisionKey];

/** Waits until the pod's annotation is a settled one, other than `before`, and answers it. */
async function settled(scene: Scene, name: string, before?: string): Promise<string> {
  const found = () => revision(scene, name);
  await expect.poll(found, deadline).toSatisfy((value?: string) => value?.endsWith(".2") === true && value !== before);
  return (await found()) ?? "";
}

function setIP({ client, namespace }: Scene, name: string, podIP: string): Promise<KubernetesObject> {
  const status = { podIP, podIPs: [{ ip: podIP }] };
  return client.patch(pods, { namespace, name, subresource: "status" }, { status });
}

/** A scene with a mirror of the peer `web`. */
async function mirrored(namespace: string, spec: object = {}): Promise<Scene> {
  const scene = await createScene(sandbox.client, namespace);
  await createPod(sandbox.client, { namespace, name: "web", labels: { app: "web" } });
  await scene.createMirror("peers", { ...files, ...immediate, ...spec });
  return scene;
}

/** A client that notes the pods that it patches. */
function counting(client: ApiClient) {
  const patched: string[] = [];
  const patch: ApiClient["patch"] = (resource, ref, ...rest) => {
    if (resource === pods) patched.push(ref.name);
    return client.patch(resource, ref, ...rest);
  };
  return { client: { ...client, patch }, patched };
}

test("a pod that mounts a mirror's ConfigMap is told of each change, however it mounts it", async () => {
  const namespace = "mounts";
  const scene = await mirrored(namespace);
  const projected = (source: object) => ({ name: "v", projected: { sources: [{ configMap: source }] } });
  const items = [{ key: "web_ip", path: "ip" }];
  const initContainers = [{ ...container({ volumeMounts: [mountsIt] }), name: "init" }];
  const specs: Record<string, object> = {
    plain: consumer(),
    projected: consumer(projected({ name: "peers", optional: true })),
    items: consumer(projected({ name: "peers", items })),
    init: { volumes: [plain], initContainers },
  };
  for (const [name, spec] of Object.entries(specs)) await createPod(scene.client, { namespace, name, spec });
  const others = {
    unmounted: { volumes: [plain] },
    unbound: { ...consumer(), nodeName: undefined },
  };
  for (const [name, spec] of Object.entries(others)) await createPod(scene.client, { namespace, name, spec });
  await using _operator = startOperator(scene.client, { namespaces: [namespace] });
  await scene.expectCondition("peers", "Refreshed", { status: "True", reason: "Immediate" });

  const names = Object.keys(specs);
  const before = await Promise.all(names.map((name) => settled(scene, name)));
  await setIP(scene, "web", "10.0.0.2");
  await scene.expectData("peers", { web_ip: "10.0.0.2" });
  const after = await Promise.all(names.map((name, at) => settled(scene, name, before[at])));
  expect(after[1]).toBe(after[0]);
  for (const name of Object.keys(others)) expect(await revision(scene, name)).toBeUndefined();
  // what it was told is all that was changed
  expect((await podOf(scene, "plain")).metadata.annotations).toEqual({ [revisionKey]: after[0] });
});

test("a pod that uses it by subPath or env is never told, and an Event says so, once", async () => {
  const namespace = "fixed";
  const scene = await mirrored(namespace);
  const specs: Record<string, object> = {
    sub: consumer(plain, { ...mountsIt, subPath: "web_ip" }),
    env: { containers: [container({ envFrom: [{ configMapRef: { name: "peers", optional: true } }] })] },
  };
  for (const [name, spec] of Object.entries(specs)) await createPod(scene.client, { namespace, name, spec });
  await createPod(scene.client, { namespace, name: "whole", spec: consumer() });
  for (const ip of ["10.0.0.2", "10.0.0.3"]) {
    // a restart tells nothing again
    await using _operator = startOperator(scene.client, { namespaces: [namespace] });
    const before = await settled(scene, "whole");
    await setIP(scene, "web", ip);
    await settled(scene, "whole", before);
    for (const name of ["sub", "env"]) await scene.expectEvent(name, "NeverRefreshed");
  }
  for (const name of ["sub", "env"]) expect(await revision(scene, name)).toBeUndefined();
  const found: KubernetesObject[] = [];
  for await (const { items } of scene.client.list(events, { namespace })) found.push(...items);
  const notes = found.filter(({ reason }) => reason === "NeverRefreshed").map(({ note }) => String(note));
  expect(notes.toSorted()).toEqual([
    expect.stringContaining("ConfigMap peers is used by env, "),
    expect.stringContaining("ConfigMap peers is used by subPath, "),
  ]);
});

test("a consumer that is its own peer, annotations and all, is told of what changes and then left alone", async () => {
  const namespace = "itself";
  const items = [{ path: "annotations", fieldRef: { fieldPath: "metadata.annotations" } }];
  const scene = await mirrored(namespace, { items });
  await createPod(scene.client, {
    namespace,
    name: "self",
    labels: { app: "web" },
    annotations: { n: "1" },
    spec: consumer(),
  });
  // another mirror and its consumer, by which to tell the time
  await createPod(scene.client, { namespace, name: "clock", labels: { app: "clock" } });
  await scene.createMirror("time", { ...files, ...immediate, peers: { selector: { matchLabels: { app: "clock" } } } });
  const watching = consumer({ name: "v", configMap: { name: "time" } });
  await createPod(scene.client, { namespace, name: "watching", spec: watching });
  const { client, patched } = counting(scene.client);
  await using _operator = startOperator(client, { namespaces: [namespace] });

  await scene.client.patch(pods, { namespace, name: "self" }, { metadata: { annotations: { n: "2" } } });
  await scene.expectData("peers", { self_annotations: 'n="2"', web_annotations: "" });
  await settled(scene, "self");
  const versions = async () => {
    const { metadata } = await client.get(configMaps, { namespace, name: "peers" });
    return [metadata.resourceVersion, (await podOf(scene, "self")).metadata.resourceVersion];
  };
  const before = await versions();
  const count = () => patched.filter((name) => name === "self").length;
  const told = count();
  for (const ip of ["10.0.0.2", "10.0.0.3", "10.0.0.4"]) {
    const last = await settled(scene, "watching");
    await setIP(scene, "clock", ip);
    await settled(scene, "watching", last);
  }
  expect([await versions(), count()]).toEqual([before, told]);
  expect(told).toBeLessThanOrEqual(4);
});

test("an operator that starts anew writes to no pod that knows, and tells those that don't", async () => {
  const namespace = "restart";
  const scene = await mirrored(namespace);
  await createPod(scene.client, { namespace, name: "old", spec: consumer() });
  {
    await using _operator = startOperator(scene.client, { namespaces: [namespace] });
    await settled(scene, "old");
  }
  const before = (await podOf(scene, "old")).metadata.resourceVersion;
  await createPod(scene.client, { namespace, name: "new", spec: consumer() });
  const { client, patched } = counting(scene.client);
  await using _operator = startOperator(client, { namespaces: [namespace] });
  expect(await settled(scene, "new")).toBe(await revision(scene, "old"));
  expect((await podOf(scene, "old")).metadata.resourceVersion).toBe(before);
  expect(patched).not.toContain("old");
});

test("a mirror that is left to the kubelet again leaves the pods as they are", async () => {
  const namespace = "back";
  const scene = await mirrored(namespace);
  await createPod(scene.client, { namespace, name: "pod", spec: consumer() });
  const { client, patched } = counting(scene.client);
  await using _operator = startOperator(client, { namespaces: [namespace] });
  const before = await settled(scene, "pod");
  const told = patched.length;
  const lazy = { spec: { consumers: { refreshPolicy: "KubeletSync" } } };
  await scene.client.patch(metadataMirrors, { namespace, name: "peers" }, lazy);
  await scene.expectCondition("peers", "Ready", { observedGeneration: 2 });
  await setIP(scene, "web", "10.0.0.2");
  await scene.expectData("peers", { web_ip: "10.0.0.2" });
  const { status } = await scene.client.get(metadataMirrors, { namespace, name: "peers" });
  expect(JSON.stringify(status)).not.toContain("Refreshed");
  expect([await revision(scene, "pod"), patched.length]).toEqual([before, told]);
});

test("without the right to refresh mirroring goes on and the mirror says what is missing; it's noticed when the right is there", async () => {
  const namespace = "rights";
  const { status, stderr } = kubectl([
    "apply",
    "--server-side",
    "--force-conflicts",
    "-k",
    deployPath("overlays/cluster-wide"),
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const scene = await mirrored(namespace);
  await createPod(scene.client, { namespace, name: "pod", spec: consumer() });
  await using login = await operatorClient(sandbox.controlPlane);
  const { client, patched } = counting(login);
  await using _operator = startOperator(client);
  const message = expect.stringMatching(/pods\/status in namespace rights.*metadata-mirror-refresh/);
  await scene.expectCondition("peers", "Refreshed", { status: "False", reason: "Forbidden", message });
  await scene.expectEvent("peers", "Forbidden");
  await setIP(scene, "web", "10.0.0.2");
  await scene.expectData("peers", { web_ip: "10.0.0.2" });
  await scene.expectCondition("peers", "Ready", { status: "True" });
  expect(patched.length).toBeLessThan(10);
  expect(await revision(scene, "pod")).toBeUndefined();

  // a namespace at a time is how an operator with some namespaces gets it
  const given = kubectl(["apply", "--namespace", namespace, "-k", deployPath("refresh/namespaced")]);
  expect(given).toMatchObject({ status: 0, stderr: "" });
  await settled(scene, "pod");
  await scene.expectCondition("peers", "Refreshed", { status: "True", reason: "Immediate" });
});

test("2,000 consumers of one ConfigMap don't keep the consumer of another namespace waiting", async () => {
  const many = await mirrored("many");
  const few = await mirrored("few");
  const names = Array.from({ length: 2_000 }, (_, at) => `pod-${at}`);
  const create = async ({ client, namespace }: Scene, name: string) => {
    const metadata = { namespace, name, labels: { consumer: "yes" } };
    const spec = { nodeName: "node-1", ...consumer() };
    await client.create(pods, { apiVersion: "v1", kind: "Pod", metadata, spec });
  };
  const queue = names.values();
  const worker = async () => {
    for (const name of queue) await create(many, name);
  };
  await Promise.all([create(few, "alone"), ...Array.from({ length: 16 }, worker)]);
  // the tests' clock makes that 200 a second
  await using _operator = startOperator(sandbox.client, { namespaces: ["many", "few"], refreshQps: 20 });
  const told = async (of: Scene) => {
    const seen = new Map<string, number>();
    for await (const { items } of of.client.list(pods, { namespace: of.namespace, labelSelector: "consumer=yes" })) {
      for (const { metadata } of items) {
        const annotation = metadata.annotations?.[revisionKey] ?? "";
        seen.set(annotation, (seen.get(annotation) ?? 0) + 1);
      }
    }
    return [...seen];
  };
  const allTold = { timeout: 60_000, interval: 250 };
  await expect.poll(() => told(many), allTold).toEqual([[expect.stringMatching(/\.2$/), 2_000]]);
  const [[before] = [""]] = await told(many);
  const alone = await settled(few, "alone");

  await setIP(many, "web", "10.0.0.2");
  const count = async () =>
    (await told(many)).reduce((sum, [annotation, n]) => (annotation === before ? sum : sum + n), 0);
  await expect.poll(count, deadline).toBeGreaterThan(200);
  const began = performance.now();
  await setIP(few, "web", "10.0.0.3");
  await expect.poll(() => revision(few, "alone"), deadline).not.toBe(alone);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(await count()).toBeLessThan(1_800);
  await expect.poll(() => told(many), allTold).toEqual([[expect.stringMatching(/\.2$/), 2_000]]);
  expect((await told(many))[0]?.[0]).not.toBe(before);
}, 180_000);

test("the API server takes a patch for the pod that is meant, and for no other of its name", async () => {
  const { client, namespace } = await createScene(sandbox.client, "uid");
  await createPod(client, { namespace, name: "pod" });
  const body = { metadata: { uid: "11111111-1111-4111-8111-111111111111", annotations: { [revisionKey]: "x" } } };
  const refused = await client
    .patch(pods, { namespace, name: "pod", subresource: "status" }, body)
    .catch((error: unknown) => ApiError.from(error).code);
  expect(refused).toBe("invalid");
});
