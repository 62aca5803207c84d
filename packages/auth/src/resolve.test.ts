import { mkdir } from "node:fs/promises";
import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { folderOf, kubeconfigOf } from "../test/kubeconfig-folder.ts";
import { resolve } from "./resolve.ts";

const podEnv = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
const account = { token: "secret", "ca.crt": "CA", namespace: "shop" };

/** A machine with the kubeconfigs `a` and `b`, perhaps one at home, and perhaps a service account. */
async function machine({ home = false, pod = false }) {
  const folder = await folderOf({
    a: kubeconfigOf("a", { token: "of-a" }),
    b: kubeconfigOf("b", { token: "of-b" }),
    ...(pod ? account : {}),
  });
  if (home) {
    await mkdir(folder.path(".kube"));
    await folder.write(".kube/config", kubeconfigOf("home", { token: "of-home" }));
  }
  return {
    path: folder.path,
    options: {
      env: {},
      homeDirectory: folder.path("."),
      serviceAccountDirectory: folder.path("."),
      lookup: () => Promise.resolve(),
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test("a kubeconfig that the user names goes before everything else", async () => {
  await using host = await machine({ home: true, pod: true });
  const env = { ...podEnv, KUBECONFIG: host.path("b") };
  const { server } = await resolve({ ...host.options, env, kubeconfig: host.path("a") });
  expect(server).toBe("https://a.example:6443");
});

test("KUBECONFIG goes before the pod and the home directory, with several files and a context", async () => {
  await using host = await machine({ home: true, pod: true });
  const env = { ...podEnv, KUBECONFIG: [host.path("a"), host.path("b")].join(delimiter) };
  expect((await resolve({ ...host.options, env })).server).toBe("https://a.example:6443");
  expect((await resolve({ ...host.options, env, context: "b" })).server).toBe("https://b.example:6443");
});

test("a context alone is one of the home directory, even in a pod", async () => {
  await using host = await machine({ home: true, pod: true });
  const { source } = await resolve({ ...host.options, env: podEnv, context: "home" });
  expect(source).toBe(`kubeconfig ${host.path(".kube/config")}, context home`);
});

test("unnamed, the pod's environment goes before the home directory, and that before DNS", async () => {
  await using both = await machine({ home: true, pod: true });
  expect((await resolve({ ...both.options, env: podEnv })).source).toBe("in-cluster (environment)");
  expect((await resolve(both.options)).server).toBe("https://home.example:6443");

  await using pod = await machine({ pod: true });
  expect((await resolve({ ...pod.options, env: { KUBECONFIG: "" } })).source).toBe("in-cluster (DNS)");
});

test("when nothing fits the error has a line for each way that was tried, and what to do", async () => {
  await using host = await machine({});
  await expect(resolve(host.options)).rejects.toThrow(
    new Error(`Found no way to a Kubernetes API server. Tried:
- KUBECONFIG: not set, and no kubeconfig or context was named
- in-cluster (environment): KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: not in a pod
- home directory: there is no file ${host.path(".kube/config")}
- in-cluster (DNS): cannot read the token file ${host.path("token")} (ENOENT): it must be there and readable; in a pod, mount it (automountServiceAccountToken)
Set KUBECONFIG or name a kubeconfig; in a pod, give it a service account token (automountServiceAccountToken: true).`),
  );
});

test("what was named and doesn't fit is an error, and nothing stands in for it", async () => {
  await using host = await machine({ home: true, pod: true });
  const named = [
    { env: podEnv, kubeconfig: host.path("absent") },
    { env: { ...podEnv, KUBECONFIG: host.path("absent") } },
    { env: podEnv, context: "absent" },
  ];
  for (const options of named) {
    await expect(resolve({ ...host.options, ...options })).rejects.toThrow(
      /absent.*\nIt was named, so nothing else was tried/,
    );
  }
});
