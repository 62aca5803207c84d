import { copyFile, mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { beforeAll, expect, test } from "vitest";
import { kubeconfigPath, kubectl } from "../src/cluster.ts";
import { start } from "./background.ts";
import { otherAuthority } from "./other-authority.ts";
import { deadline, host, useScene } from "./scene.ts";
import { stepsIn } from "./step.ts";

const scene = useScene("library");
const libraries = [
  { library: "client-node", appears: "add", goes: "delete" },
  { library: "api-client", appears: "apply", goes: "delete" },
] as const;

beforeAll(() => scene.apply("docs/examples/api-by-client-library.yaml"));

function logs(pod: string, container = "main"): Promise<string> {
  return scene.kubectl("logs", pod, `--container=${container}`).catch(() => "");
}

/** Makes a pod that nobody waits for, and deletes it. */
async function comeAndGo(pod: string, seen: (change: "appears" | "goes") => Promise<void>): Promise<void> {
  await scene.kubectl("run", pod, "--image=busybox:1.37", "--restart=Never", "--", "true");
  await seen("appears");
  await scene.kubectl("delete", "pod", pod, "--now", "--wait=false");
  await seen("goes");
}

test("in a pod, both find the API server by the environment, list, patch and watch", async () => {
  await scene.ready("client-node", "api-client");
  const address = await kubectl(host, ["get", "service", "kubernetes", "--output=jsonpath={.spec.clusterIP}"]);
  const { namespace } = scene;
  const found = { step: "found", server: `https://${address}:443`, source: "in-cluster (environment)", namespace };
  const counts: unknown[] = [];
  for (const { library } of libraries) {
    await expect.poll(async () => stepsIn(await logs(library))[2]?.step, deadline).toBe("patch");
    const [first, list, patch] = stepsIn(await logs(library));
    expect(first).toEqual(found);
    expect(list).toEqual({ step: "list", pods: expect.arrayContaining([library]) });
    counts.push({ pods: String(list?.pods?.length) });
    expect(patch?.data).toEqual(counts.at(-1));
  }
  expect(counts).toContainEqual(await scene.data("pod-count"));

  await comeAndGo("passing", async (change) => {
    for (const { library, [change]: told } of libraries) {
      const line = { step: "watch", change: told, pod: "passing" };
      await expect.poll(async () => stepsIn(await logs(library)), deadline).toContainEqual(line);
    }
  });
});

test.each(libraries)("outside of a cluster, $library does so as the kubeconfig's user", async (names) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-kubeconfig-"));
  const kubeconfig = join(folder.path, "kubeconfig");
  await copyFile(kubeconfigPath(host), kubeconfig);
  const context = ["config", "set-context", "--current", `--namespace=${scene.namespace}`];
  await kubectl(host, ["--kubeconfig", kubeconfig, ...context]);
  await scene.kubectl("patch", "configmap", "pod-count", '--patch={"data":{"pods":"?"}}');

  const program = join(import.meta.dirname, "../programs/client-library/main.ts");
  const args = ["--conditions=@metadata-mirror/source", program, names.library];
  await using running = await start(process.execPath, args, { ...host.env, KUBECONFIG: kubeconfig });
  const steps = () => stepsIn(running.output());
  await expect.poll(() => steps()[2]?.step, deadline).toBe("patch");
  const [found, list] = steps();
  expect(found).toMatchObject({ source: expect.stringContaining(kubeconfig), namespace: scene.namespace });
  expect(list?.pods).toEqual(expect.arrayContaining(["client-node", "api-client"]));
  expect(await scene.data("pod-count")).toEqual({ pods: String(list?.pods?.length) });
  await comeAndGo(`passing-${names.library}`, async (change) => {
    const line = { step: "watch", change: names[change], pod: `passing-${names.library}` };
    await expect.poll(steps, deadline).toContainEqual(line);
  });
  // it ends when it is told to
  await running[Symbol.asyncDispose]();
  expect(running.exitCode()).toBe(0);
});

test("the api-client finds the API server by its name, and says so when it is not to be trusted or says no", async () => {
  await scene.kubectl("create", "configmap", "wrong-ca", `--from-literal=ca.crt=${await otherAuthority()}`);
  await scene.apply("test/manifests/api-client.yaml");
  const { namespace } = scene;

  await expect.poll(async () => stepsIn(await logs("api-client-ways", "by-dns"))[1]?.step, deadline).toBe("list");
  const [found] = stepsIn(await logs("api-client-ways", "by-dns"));
  expect(found).toMatchObject({ server: "https://kubernetes.default.svc", source: "in-cluster (DNS)", namespace });

  const untrusted = `client-library: [unavailable] list pods ${namespace}: the server's certificate is not signed by the authority we trust`;
  await expect.poll(() => logs("api-client-ways", "wrong-ca"), deadline).toContain(untrusted);
  const user = `User "system:serviceaccount:${namespace}:default"`;
  const forbidden = `client-library: [forbidden] list pods ${namespace}: pods is forbidden: ${user} cannot list resource "pods" in API group "" in the namespace "${namespace}" (HTTP 403)`;
  await expect.poll(() => logs("api-client-stranger"), deadline).toContain(forbidden);
  for (const [pod, container] of [
    ["api-client-ways", "wrong-ca"],
    ["api-client-stranger", "main"],
  ] as const) {
    expect(stepsIn(await logs(pod, container)).map(({ step }) => step)).toEqual(["found"]);
  }
});
