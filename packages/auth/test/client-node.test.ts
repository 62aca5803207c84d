import { rm } from "node:fs/promises";
import {
  AuthenticationV1Api,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
  Watch,
} from "@kubernetes/client-node";
import { type ControlPlane, startControlPlane } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { toKubeConfig } from "../src/client-node.ts";
import { resolve } from "../src/resolve.ts";
import { folderOf } from "./kubeconfig-folder.ts";
import { startKubectlProxy } from "./kubectl-proxy.ts";

let controlPlane: ControlPlane;
let admin: KubeConfig;
beforeAll(async () => {
  controlPlane = await startControlPlane({ env: process.env });
  admin = await toKubeConfig(await resolve({ env: {}, kubeconfig: controlPlane.kubeconfigPath }));
});
afterAll(() => controlPlane?.[Symbol.asyncDispose]());

/** The files of a service account's volume, and the environment beside them, with this token. */
async function pod(token: string) {
  const folder = await folderOf({ token: `${token}\n`, "ca.crt": controlPlane.ca, namespace: "default" });
  const { hostname, port } = new URL(controlPlane.server);
  const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  return { folder, env, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** A token of ten minutes for a service account, which is made and may do everything. */
async function boundToken(name: string): Promise<string> {
  const core = admin.makeApiClient(CoreV1Api);
  await core.createNamespacedServiceAccount({ namespace: "default", body: { metadata: { name } } });
  await admin.makeApiClient(RbacAuthorizationV1Api).createClusterRoleBinding({
    body: {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name, namespace: "default" }],
    },
  });
  const body = { spec: { expirationSeconds: 600, audiences: [] } };
  const { status } = await core.createNamespacedServiceAccountToken({ namespace: "default", name, body });
  return status?.token ?? "";
}

/** Who the API server takes us for. */
async function whoAmI(config: KubeConfig): Promise<string | undefined> {
  const review = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
  return review.status?.userInfo?.username;
}

/** Watches the ConfigMap of this name, patches it, and answers once the watch has told of it. */
async function watchWhilePatching(config: KubeConfig, name: string): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespacedConfigMap({ namespace: "default", body: { metadata: { name } } });
  const { metadata, items } = await core.listNamespacedConfigMap({ namespace: "default" });
  expect(items.map((item) => item.metadata?.name)).toContain(name);

  const told: unknown[] = [];
  const ended: unknown[] = [];
  const watch = await new Watch(config).watch(
    "/api/v1/namespaces/default/configmaps",
    { resourceVersion: metadata?.resourceVersion, fieldSelector: `metadata.name=${name}` },
    (type, { data }: { data?: unknown }) => void told.push([type, data]),
    (error: unknown) => void ended.push(error),
  );
  onTestFinished(() => watch.abort());
  const body = { data: { a: "1" } };
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  await core.patchNamespacedConfigMap({ namespace: "default", name, body }, merge);
  await expect.poll(() => told, { timeout: 20_000 }).toEqual([["MODIFIED", { a: "1" }]]);
  expect(ended).toEqual([]);
}

test("with a pod's credentials client-node lists, watches and patches, with each token that the kubelet writes", async () => {
  const [first, second] = [await boundToken("first"), await boundToken("second")];
  await using account = await pod(first);
  let now = 0;
  const serviceAccountDirectory = account.folder.path(".");
  const credentials = await resolve({ env: account.env, serviceAccountDirectory, now: () => now });
  const config = await toKubeConfig(credentials);
  expect(await whoAmI(config)).toBe("system:serviceaccount:default:first");
  await watchWhilePatching(config, "pod");

  await account.folder.write("token", `${second}\n`);
  now = 10_000;
  expect(await whoAmI(config)).toBe("system:serviceaccount:default:second");
  await watchWhilePatching(config, "pod-rotated");

  await rm(account.folder.path("token"));
  now = 20_000;
  expect(await whoAmI(config)).toBe("system:serviceaccount:default:second");
  await watchWhilePatching(config, "pod-without-a-file");
});

test("with a token file that was never there, the credentials are what fails, and names it", async () => {
  await using account = await pod("none");
  await rm(account.folder.path("token"));
  const options = { env: account.env, homeDirectory: "/nonexistent", lookup: () => Promise.reject(new Error("none")) };
  await expect(resolve({ ...options, serviceAccountDirectory: account.folder.path(".") })).rejects.toThrow(
    `cannot read the token file ${account.folder.path("token")} (ENOENT)`,
  );
});

test("with a kubeconfig client-node lists, watches and patches", async () => {
  const config = await toKubeConfig(await resolve({ env: { KUBECONFIG: controlPlane.kubeconfigPath } }));
  expect(await whoAmI(config)).toBe("admin");
  await watchWhilePatching(config, "kubeconfig");
});

test("through an ambassador client-node lists, watches and patches, as whoever the ambassador is", async () => {
  await using proxy = await startKubectlProxy(controlPlane.kubeconfigPath);
  const config = await toKubeConfig(await resolve({ env: { KUBERNETES_AMBASSADOR: proxy.server } }));
  expect(await whoAmI(config)).toBe("admin");
  await watchWhilePatching(config, "ambassador");
});

test("an ambassador's path prefix is part of its address", async () => {
  await using proxy = await startKubectlProxy(controlPlane.kubeconfigPath, "--api-prefix=/k8s/");
  const config = await toKubeConfig(await resolve({ env: {}, ambassador: `${proxy.server}/k8s` }));
  expect(await whoAmI(config)).toBe("admin");
  await watchWhilePatching(config, "prefix");
});
