import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { connect } from "@metadata-mirror/api-client";
import { fromKubeconfig } from "@metadata-mirror/auth";
import { findBinary } from "@metadata-mirror/control-plane";
import { beforeAll, expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { createScene, startOperator, useSandbox } from "./support.ts";

const account = "system:serviceaccount:metadata-mirror:metadata-mirror";
const sandbox = useSandbox({ users: [{ name: account, groups: ["system:serviceaccounts", "system:authenticated"] }] });
let kubectl: string;
beforeAll(async () => {
  kubectl = await findBinary("kubectl", { env: process.env });
});

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    kubectl,
    ["--kubeconfig", sandbox.controlPlane.kubeconfigPath, ...args],
    {
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
}

const overlay = fileURLToPath(new URL("../../../deploy/overlays/cluster-wide", import.meta.url));

/** A client as the operator's service account. */
async function operatorClient() {
  const file = join(sandbox.controlPlane.directory, "operator.kubeconfig");
  await writeFile(file, sandbox.controlPlane.user(account).kubeconfig);
  return connect(await fromKubeconfig([file], { now: () => 0 }));
}

test("kubectl applies the overlay, and with the rights that it gives the operator mirrors, in every namespace, nodes too", async () => {
  const applied = run("apply", "--server-side", "--force-conflicts", "-k", overlay);
  expect(applied).toMatchObject({ status: 0, stderr: "" });
  expect(run("get", "deployment", "metadata-mirror", "-n", "metadata-mirror", "-o", "name").stdout).toBe(
    "deployment.apps/metadata-mirror\n",
  );
  const scene = await createScene(sandbox.client, "shop");
  await createPod(sandbox.client, { namespace: "shop", name: "a", labels: { app: "web" } });
  await using client = await operatorClient();
  await using _operator = startOperator(client);
  await scene.createMirror("peers", { peers: { selector: {}, namespaces: ["shop", "elsewhere"] } });
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  await scene.expectCondition("peers", "Ready", { status: "True" });
  await scene.expectEvent("peers", "GrantMissing");
});

test("the operator's account may do what is documented and no more", () => {
  const can = (...what: string[]) => run("auth", "can-i", ...what, "--as", account).stdout.trim();
  expect(can("list", "pods", "-A")).toBe("yes");
  expect(can("watch", "nodes")).toBe("yes");
  expect(can("patch", "configmaps", "-A")).toBe("yes");
  for (const what of [
    ["get", "secrets", "-A"],
    ["patch", "pods", "-A"],
    ["delete", "pods", "-A"],
    ["update", "metadatamirrors.metadatamirror.dev", "-A"],
    ["create", "deployments.apps", "-A"],
    ["impersonate", "users"],
  ]) {
    expect([what, can(...what)]).toEqual([what, "no"]);
  }
});

test("without the right to write ConfigMaps a mirror is Forbidden, and says which right is missing", async () => {
  const role = JSON.stringify([
    { op: "replace", path: "/rules/3/verbs", value: ["get", "list", "watch"] },
    { op: "replace", path: "/rules/2/resources", value: ["pods"] },
  ]);
  const scene = await createScene(sandbox.client, "no-rights");
  await createPod(sandbox.client, { namespace: "no-rights", name: "a", labels: { app: "web" } });
  expect(run("patch", "clusterrole", "metadata-mirror", "--type=json", "-p", role).stderr).toBe("");
  await using client = await operatorClient();
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
  await using client = await operatorClient();
  await using _operator = startOperator(client);
  const limit = { path: "memory", resourceFieldRef: { containerName: "main", resource: "limits.memory" } };
  const name = { path: "name", fieldRef: { fieldPath: "metadata.name" } };
  await scene.createMirror("peers", { items: [limit, name] });
  await scene.expectData("peers", { a_name: "a" });
  await scene.expectCondition("peers", "Complete", { status: "False", reason: "NodeUnknown" });
});
