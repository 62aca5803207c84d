import { spawnSync } from "node:child_process";
import {
  AuthorizationV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1SelfSubjectAccessReview,
} from "@kubernetes/client-node";
import { type ControlPlane, findBinary, startControlPlane } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toKubeConfig } from "../src/client-node.ts";
import { fromKubeconfig } from "../src/kubeconfig.ts";
import { explainMissing } from "../src/permission-rules.ts";
import { missingPermissions, type Permission, type ReviewApi } from "../src/permissions.ts";
import { folderOf } from "./kubeconfig-folder.ts";

let controlPlane: ControlPlane;
let kubectl: string;
beforeAll(async () => {
  controlPlane = await startControlPlane({ env: process.env, users: [{ name: "jane" }, { name: "joe" }] });
  kubectl = await findBinary("kubectl", { env: process.env });
  for (const name of ["shop", "shop-eu"]) run(["create", "namespace", name]);
});
afterAll(() => controlPlane?.[Symbol.asyncDispose]());

/** kubectl as the admin. */
function run(args: readonly string[], input = ""): void {
  const login = ["--kubeconfig", controlPlane.kubeconfigPath];
  const { status, stderr } = spawnSync(kubectl, [...login, ...args], { encoding: "utf8", input, timeout: 20_000 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}

/** The API as a user sees it. */
async function apiOf(user: string): Promise<ReviewApi & { readonly config: KubeConfig }> {
  await using folder = await folderOf({ config: controlPlane.user(user).kubeconfig });
  const config = await toKubeConfig(await fromKubeconfig([folder.path("config")], { now: () => 0 }));
  const reviews = config.makeApiClient(AuthorizationV1Api);
  return {
    config,
    request: ({ body }) => reviews.createSelfSubjectAccessReview({ body: body as V1SelfSubjectAccessReview }),
  };
}

const wanted: readonly Permission[] = [
  { group: "", resource: "nodes", verbs: ["list", "watch"], reason: "limits" },
  { group: "", resource: "pods", verbs: ["watch", "list"], namespace: "shop", reason: "the source" },
  { group: "", resource: "pods/status", verbs: ["patch"], namespace: "shop", reason: "a mark" },
  { group: "apps", resource: "deployments", verbs: ["get"], namespace: "shop-eu", name: "web", reason: "its owner" },
  { group: "", resource: "configmaps", verbs: ["create", "patch"], namespace: "shop-eu", reason: "the result" },
];

test("who may do everything misses nothing", async () => {
  expect(await missingPermissions(await apiOf("admin"), wanted)).toEqual([]);
});

test("the rules that are printed, once bound, leave nothing missing", async () => {
  const jane = await apiOf("jane");
  const missing = await missingPermissions(jane, wanted);
  expect(missing).toEqual(wanted);

  run(["apply", "-f", "-"], explainMissing(missing, "printed"));
  expect(await missingPermissions(jane, wanted)).toEqual(wanted);
  run(["create", "clusterrolebinding", "printed", "--clusterrole=printed", "--user=jane"]);
  for (const namespace of ["shop", "shop-eu"])
    run(["create", "rolebinding", "printed", "--role=printed", "--user=jane", `--namespace=${namespace}`]);

  await expect.poll(() => missingPermissions(jane, wanted), { timeout: 20_000 }).toEqual([]);
  expect((await jane.config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "shop" })).items).toEqual([]);
});

test("of what is there in part only the rest is missing", async () => {
  run(["create", "role", "some", "--resource=configmaps", "--verb=create", "--namespace=shop-eu"]);
  run(["create", "rolebinding", "some", "--role=some", "--user=joe", "--namespace=shop-eu"]);
  const joe = await apiOf("joe");
  const last = wanted.slice(-1);
  const rest = last.map((permission) => ({ ...permission, verbs: ["patch"] }));
  await expect.poll(() => missingPermissions(joe, last), { timeout: 20_000 }).toEqual(rest);
});
