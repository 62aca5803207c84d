import { spawnSync } from "node:child_process";
import process from "node:process";
import { findBinary } from "@metadata-mirror/control-plane";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { env, nodeArgs, startProcess } from "./operator-process.ts";
import { createScene, useSandbox } from "./support.ts";

const sandbox = useSandbox();

function runToEnd(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, ...args], { encoding: "utf8", env });
  return { status, stdout, stderr };
}

test("`operator` follows KUBECONFIG, watches only the namespaces it is told, serves probes, gives back what its start took, and stops cleanly at SIGTERM", async () => {
  const inside = await createScene(sandbox.client, "inside");
  const outside = await createScene(sandbox.client, "outside");
  for (const { namespace } of [inside, outside]) {
    await createPod(sandbox.client, { namespace, name: "a", labels: { app: "web" } });
  }
  await outside.createMirror("peers");
  const KUBECONFIG = sandbox.controlPlane.kubeconfigPath;
  await using operator = startProcess(["run", "--namespace=inside", "--health-port=0", "--log-level=debug"], {
    KUBECONFIG,
  });
  await operator.logged("ready");
  await inside.createMirror("peers");
  await inside.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  expect(await outside.configMap("peers")).toBeUndefined();

  expect(await operator.get("/livez")).toBe("ok\n");
  expect(await operator.get("/readyz")).toBe("ok\n");
  expect(await operator.get("/metrics")).toMatch(/^metadata_mirror_configmap_writes_total{reason="create"} 1$/m);

  await operator.logged("gave back what the start took");
  expect(await operator.stop()).toBe(0);
  await operator.logged("stopped");
});

test("without a way to a cluster the operator says what it tried, and exits with 1", () => {
  const { status, stderr } = runToEnd("run");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^metadata-mirror: Found no way to a Kubernetes API server\. Tried:\n- /);
  expect(runToEnd("run", "--context", "nowhere").stderr).toContain("nowhere");
});

test("a wrong option is refused with what to give instead", () => {
  const { status, stderr } = runToEnd("run", "--write-bytes-per-second", "fast");
  expect(status).toBe(1);
  expect(stderr).toContain("Give bytes, 1Ki at least, such as 4194304 or 4Mi.");
});

test("outside a pod an operator that is to take Leases wants to be told where", () => {
  const { status, stderr } = runToEnd("run", "--leader-elect");
  expect(status).toBe(1);
  expect(stderr).toContain("give --lease-namespace");
});

test("`crds` prints what kubectl applies", async () => {
  const { status, stdout } = runToEnd("crds");
  expect(status).toBe(0);
  const kubectl = await findBinary("kubectl", { env: process.env });
  const args = ["--kubeconfig", sandbox.controlPlane.kubeconfigPath, "apply", "--dry-run=server", "-f", "-"];
  const applied = spawnSync(kubectl, args, { input: stdout, encoding: "utf8" });
  expect(applied.stdout).toBe(
    "customresourcedefinition.apiextensions.k8s.io/metadatamirrors.metadatamirror.dev configured (server dry run)\n" +
      "customresourcedefinition.apiextensions.k8s.io/metadatagrants.metadatamirror.dev configured (server dry run)\n",
  );
});
