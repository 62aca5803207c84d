import { mkdir } from "node:fs/promises";
import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { first } from "../test/certificates.ts";
import { folderOf, kubeconfigOf } from "../test/kubeconfig-folder.ts";
import { resolve } from "./resolve.ts";

const podEnv = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
const account = { token: "secret", "ca.crt": first.cert, namespace: "shop" };

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
- KUBECONFIG, KUBERNETES_AMBASSADOR: not set, and no kubeconfig, context or ambassador was named
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
    { env: podEnv, ambassador: "https://absent" },
    { env: { ...podEnv, KUBERNETES_AMBASSADOR: "https://absent" } },
  ];
  for (const options of named) {
    await expect(resolve({ ...host.options, ...options })).rejects.toThrow(
      /absent.*\nIt was named, so nothing else was tried/,
    );
  }
});

test("an ambassador that is named goes before KUBECONFIG, and its variable after all that the user named", async () => {
  await using host = await machine({ home: true, pod: true });
  const env = { ...podEnv, KUBERNETES_AMBASSADOR: "http://localhost:1" };
  const ambassador = "http://localhost:2";
  const KUBECONFIG = host.path("b");
  const serverOf = async (options: object) => (await resolve({ ...host.options, env, ...options })).server;
  expect(await serverOf({ ambassador, kubeconfig: host.path("a") })).toBe("https://a.example:6443");
  expect(await serverOf({ ambassador, context: "home", env: { ...env, KUBECONFIG } })).toBe(ambassador);
  expect(await serverOf({ env: { ...env, KUBECONFIG } })).toBe("https://b.example:6443");
  expect(await serverOf({ context: "home" })).toBe("https://home.example:6443");
  expect(await serverOf({})).toBe("http://localhost:1");
  expect(await serverOf({ env: { ...podEnv, KUBERNETES_AMBASSADOR: "" } })).toBe("https://10.96.0.1:443");
});

test("the namespace beside an ambassador is that of the pod, as far as that is known", async () => {
  await using pod = await machine({ pod: true });
  await using bare = await machine({});
  const ambassador = "http://localhost:8001";
  const env = { POD_NAMESPACE: "shop-eu" };
  expect((await resolve({ ...pod.options, ambassador, env })).namespace).toBe("shop");
  expect((await resolve({ ...bare.options, ambassador, env })).namespace).toBe("shop-eu");
  expect((await resolve({ ...bare.options, ambassador })).namespace).toBe("default");
});

test("verification is off only where that is asked for, in a pod and with a kubeconfig, and is warned of", async () => {
  await using pod = await machine({ pod: true });
  const authority = { "certificate-authority-data": Buffer.from(first.cert).toString("base64") };
  await using folder = await folderOf({ config: kubeconfigOf("kind", { token: "t" }, authority) });
  for (const way of [{ env: podEnv }, { kubeconfig: folder.path("config") }]) {
    const verified = await resolve({ ...pod.options, ...way });
    expect(await verified.tls()).toEqual({ ca: first.cert, insecureSkipTLSVerify: false });
    expect(verified.warnings).toEqual([]);

    const insecure = await resolve({ ...pod.options, ...way, insecureSkipTLSVerify: true });
    expect(await insecure.tls()).toEqual({ insecureSkipTLSVerify: true });
    expect(insecure.warnings).toEqual([expect.stringContaining("is off (insecure-skip-tls-verify)")]);
  }
});
