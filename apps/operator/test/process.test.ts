import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findBinary } from "@metadata-mirror/control-plane";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { createScene, useSandbox } from "./support.ts";

const sandbox = useSandbox();
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const node = ["--conditions=@metadata-mirror/source", main];

/** The environment without what would lead the operator to another cluster. */
const env = { PATH: process.env["PATH"], HOME: "/nonexistent" };

function runToEnd(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], { encoding: "utf8", env });
  return { status, stdout, stderr };
}

/** An operator as a process of its own; what it logs comes as parsed lines. */
function startProcess(args: readonly string[], extraEnv: Record<string, string>) {
  const child = spawn(process.execPath, [...node, ...args], {
    env: { ...env, ...extraEnv },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: { msg?: string; healthPort?: number }[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => log.push(JSON.parse(line) as (typeof log)[number]));
  return {
    log,
    logged: (msg: string) => expect.poll(() => log.map((line) => line.msg), { timeout: 30_000 }).toContain(msg),
    async stop() {
      child.kill("SIGTERM");
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    },
    [Symbol.asyncDispose]: async () => void (child.exitCode === null && child.kill("SIGKILL")),
  };
}

test("`operator` follows KUBECONFIG, watches only the namespaces it is told, serves probes, and stops cleanly at SIGTERM", async () => {
  const inside = await createScene(sandbox.client, "inside");
  const outside = await createScene(sandbox.client, "outside");
  for (const { namespace } of [inside, outside]) {
    await createPod(sandbox.client, { namespace, name: "a", labels: { app: "web" } });
  }
  await outside.createMirror("peers");
  const KUBECONFIG = sandbox.controlPlane.kubeconfigPath;
  await using operator = startProcess(["run", "--namespace", "inside", "--health-port", "0"], { KUBECONFIG });
  await operator.logged("ready");
  await inside.createMirror("peers");
  await inside.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  expect(await outside.configMap("peers")).toBeUndefined();

  const port = operator.log.find((line) => line.msg === "ready")?.healthPort;
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  expect(await get("/livez")).toBe("ok\n");
  expect(await get("/readyz")).toBe("ok\n");
  expect(await get("/metrics")).toMatch(/^metadata_mirror_configmap_writes_total 1$/m);

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
