import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { deployPath, operatorClient, operatorUser, useKubectl } from "./kubectl.ts";
import { createScene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox({ users: [operatorUser] });
const kubectl = useKubectl(sandbox);
const run = (...args: string[]) => kubectl(args);

test("kubectl applies the overlay, and with the rights that it gives the operator mirrors, in every namespace, nodes too", async () => {
  const applied = run("apply", "--server-side", "--force-conflicts", "-k", deployPath("overlays/cluster-wide"));
  expect(applied).toMatchObject({ status: 0, stderr: "" });
  expect(run("get", "deployment", "metadata-mirror", "-n", "metadata-mirror", "-o", "name").stdout).toBe(
    "deployment.apps/metadata-mirror\n",
  );
  const scene = await createScene(sandbox.client, "shop");
  await createPod(sandbox.client, { namespace: "shop", name: "a", labels: { app: "web" } });
  await using client = await operatorClient(sandbox.controlPlane);
  await using _operator = startOperator(client);
  await scene.createMirror("peers", { peers: { selector: {}, namespaces: ["shop", "elsewhere"] } });
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  await scene.expectCondition("peers", "Ready", { status: "True" });
  await scene.expectEvent("peers", "GrantMissing");
});

test("without the right to write ConfigMaps a mirror is Forbidden, and says which right is missing", async () => {
  const role = JSON.stringify([
    { op: "replace", path: "/rules/3/verbs", value: ["get", "list", "watch"] },
    { op: "replace", path: "/rules/2/resources", value: ["pods"] },
  ]);
  const scene = await createScene(sandbox.client, "no-rights");
  await createPod(sandbox.client, { namespace: "no-rights", name: "a", labels: { app: "web" } });
  expect(run("patch", "clusterrole", "metadata-mirror", "--type=json", "-p", role).stderr).toBe("");
  await using client = await operatorClient(sandbox.controlPlane);
  await using _operator = startOperator(client);
  await scene.createMirror("peers");
  const message = expect.stringContaining("give it the right to create configmaps");
  await scene.expectCondition("peers", "Ready", { status: "False", reason: "Forbidden", message });
  await scene.expectEvent("peers", "Forbidden");
  expect(await scene.configMap("peers")).toBeUndefined();
});

test("without the right to read nodes an unset limit is left out and said to be", async () => {
  const configMapsAgain = JSON.stringify([
    { op: "replace", path: "/rules/3/verbs", value: ["get", "list", "watch", "create", "patch", "delete"] },
  ]);
  expect(run("patch", "clusterrole", "metadata-mirror", "--type=json", "-p", configMapsAgain).stderr).toBe("");
  const scene = await createScene(sandbox.client, "no-nodes");
  await createPod(sandbox.client, { namespace: "no-nodes", name: "a", labels: { app: "web" } });
  await using client = await operatorClient(sandbox.controlPlane);
  await using _operator = startOperator(client);
  const limit = { path: "memory", resourceFieldRef: { containerName: "main", resource: "limits.memory" } };
  const name = { path: "name", fieldRef: { fieldPath: "metadata.name" } };
  await scene.createMirror("peers", { items: [limit, name] });
  await scene.expectData("peers", { a_name: "a" });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "NodeUnknown" });
});
