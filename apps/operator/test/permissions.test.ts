import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { systemClock, systemRandom } from "@metadata-mirror/api-client";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { defaultConfig } from "../src/config.ts";
import { createPod } from "../src/demo/sandbox.ts";
import { runOperator } from "../src/operator.ts";
import { account, operatorClient, operatorUser, useKubectl } from "./kubectl.ts";
import { createScene, useSandbox } from "./support.ts";

const sandbox = useSandbox({ users: [operatorUser] });
const kubectl = useKubectl(sandbox);

interface Entry {
  readonly level: number;
  readonly msg: string;
  readonly rules?: string;
}

test("an operator without rights logs the rules that it lacks, once, and works when they are applied and bound", async () => {
  const scene = await createScene(sandbox.client, "shop");
  await createPod(sandbox.client, { namespace: "shop", name: "a", labels: { app: "web" } });
  await scene.createMirror("peers");

  const logged: Entry[] = [];
  const log = pino({ base: null }, { write: (line: string) => void logged.push(JSON.parse(line) as Entry) });
  const missing = () => logged.filter(({ msg }) => msg.startsWith("permissions are missing"));
  const stop = new AbortController();
  await using client = await operatorClient(sandbox.controlPlane);
  const config = { ...defaultConfig, namespaces: ["shop"] };
  const processor = () => systemClock.monotonic();
  const options = {
    client,
    config,
    clock: systemClock,
    processor,
    random: systemRandom,
    log,
    instance: "test",
    identity: "test",
    giveBack: () => undefined,
  };
  const ended = runOperator({ ...options, signal: stop.signal });
  await expect.poll(missing, { timeout: 20_000 }).toMatchObject([{ level: 50 }]);

  const rules = missing()[0]?.rules ?? "";
  expect(rules).toContain("# - list, watch pods in namespace shop: where the fields come from\n");
  expect(kubectl(["apply", "-f", "-"], rules)).toMatchObject({ status: 0, stderr: "" });
  const bind = ["create", "rolebinding", "missing", "--role=metadata-mirror-missing", "--namespace=shop"];
  expect(kubectl([...bind, `--user=${account}`])).toMatchObject({ status: 0, stderr: "" });

  // what a server refuses is tried again within 30 s
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' }, 45_000);
  await scene.expectCondition("peers", "Ready", { status: "True" });
  expect(missing()).toHaveLength(1);
  stop.abort();
  await ended;
});

test("what is unsafe about the credentials is a warning at the start", async () => {
  const { kubeconfig, directory } = sandbox.controlPlane;
  const file = join(directory, "insecure.kubeconfig");
  await writeFile(file, kubeconfig.replace(/certificate-authority-data: .*/, "insecure-skip-tls-verify: true"));
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const args = ["--conditions=@metadata-mirror/source", main, "run", "--kubeconfig", file];
  const child = spawn(process.execPath, args, { env: {}, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const logged: Entry[] = [];
  createInterface(child.stdout).on("line", (line) => logged.push(JSON.parse(line) as Entry));
  const warning = { level: 40, msg: expect.stringContaining("is off (insecure-skip-tls-verify)") };
  await expect.poll(() => logged, { timeout: 30_000 }).toContainEqual(expect.objectContaining(warning));
  child.kill();
  expect(await once(child, "exit")).toEqual([0, null]);
});
