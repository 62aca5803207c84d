import { configMaps, type KubernetesObject } from "@metadata-mirror/api-client";
import { afterAll, expect, test } from "vitest";
import { kubectl, nodeName } from "../src/cluster.ts";
import { run } from "../src/host.ts";
import type { Files } from "../src/files.ts";
import { deadline, host, useScene } from "./scene.ts";

const scene = useScene("life");

/** All that the ConfigMap has been since it was there, in order; undefined where it was deleted. */
const history: (Files | undefined)[] = [];
/** A pod that is a peer throughout. */
let constant = "";
const stop = new AbortController();

afterAll(() => stop.abort());

async function record(): Promise<void> {
  const { client, namespace } = scene;
  const fieldSelector = "metadata.name=web-peers";
  const decode = (object: KubernetesObject) => (object["data"] ?? {}) as Files;
  for await (const event of client.watch(configMaps, { namespace, fieldSelector, decode, signal: stop.signal })) {
    if (event.type === "delete") history.push(undefined);
    else if ("object" in event) history.push(event.object);
  }
}

/** Waits until the ConfigMap has exactly the pods of the Deployment, as many as told; answers its resourceVersion. */
async function expectInSync(count: number): Promise<string> {
  await expect
    .poll(async () => {
      const { "peers.json": _, ...data } = (await scene.data("web-peers")) ?? {};
      const peers = (await scene.running("app=web")).flatMap(({ metadata: { name, labels }, status }) => [
        [`${name}_podIP`, status.podIP],
        [`${name}_version`, labels["version"] ?? ""],
      ]);
      return { data, count: peers.length / 2, expected: Object.fromEntries(peers) as Files };
    }, deadline)
    .toSatisfy((seen: { data: Files; count: number; expected: Files }) => {
      expect(seen.data).toEqual(seen.expected);
      return seen.count === count;
    });
  return scene.kubectl("get", "configmap", "web-peers", "--output=jsonpath={.metadata.resourceVersion}");
}

/** Of the operator's pod, or of the API server's. */
function restarts(namespace: string, selector: string): Promise<string> {
  const count = "--output=jsonpath={.items[*].status.containerStatuses[0].restartCount}";
  return kubectl(host, ["get", "pods", "--namespace", namespace, "--selector", selector, count]);
}
const operatorRestarts = () => restarts("metadata-mirror", "app.kubernetes.io/name=metadata-mirror");

async function setVersion(version: string): Promise<void> {
  await scene.kubectl("label", "pods", "--selector=app=web", "--overwrite", `version=${version}`);
}

test("an operator that is rolled out twice writes nothing that was there, and goes on with what changes", async () => {
  await scene.apply("docs/examples/peers-as-files.yaml");
  await scene.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  const before = await expectInSync(2);
  constant = (await scene.running("app=web"))[0]?.metadata.name ?? "";
  await scene.kubectl("annotate", "pod", constant, "controller.kubernetes.io/pod-deletion-cost=1000");
  void record();

  const deployment = ["--namespace=metadata-mirror", "deployment/metadata-mirror"];
  for (const _ of [1, 2]) {
    await kubectl(host, ["rollout", "restart", ...deployment]);
    await kubectl(host, ["rollout", "status", "--timeout=60s", ...deployment]);
  }
  expect(await expectInSync(2)).toBe(before);
  await scene.kubectl("scale", "deployment/web", "--replicas=4");
  await expectInSync(4);
});

test("an operator that is killed catches up with what changed while it was away", async () => {
  // the pod that was rolled out before it may still be there, and would be killed too
  await expect.poll(operatorRestarts, deadline).toMatch(/^[0-9]+$/);
  const before = Number(await operatorRestarts());
  await run(host, "docker", ["exec", nodeName, "pkill", "-KILL", "-f", "/app/main.cjs run"]);
  await setVersion("2");
  await scene.kubectl("scale", "deployment/web", "--replicas=3");
  await expectInSync(3);
  await expect.poll(operatorRestarts, deadline).toBe(String(before + 1));
});

test("while the API server restarts the operator stays, and goes on when it is back", async () => {
  const before = await operatorRestarts();
  const apiServerBefore = Number(await restarts("kube-system", "component=kube-apiserver"));
  await run(host, "docker", ["exec", nodeName, "pkill", "-KILL", "kube-apiserver"]);
  await expect
    .poll(() => restarts("kube-system", "component=kube-apiserver").catch(() => ""), deadline)
    .toBe(String(apiServerBefore + 1));
  await setVersion("3");
  await expectInSync(3);
  expect(await operatorRestarts()).toBe(before);
});

test("through all of it no peer that stayed was missing", () => {
  expect(constant).not.toBe("");
  expect(history.length).toBeGreaterThan(3);
  expect(history.filter((data) => data?.[`${constant}_podIP`] === undefined)).toEqual([]);
});
