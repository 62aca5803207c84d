import { beforeAll, expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { account, deployPath, useKubectl } from "./kubectl.ts";
import { createScene, useSandbox } from "./support.ts";

const sandbox = useSandbox();
const kubectl = useKubectl(sandbox);

const role = (name: string, rules: object[]) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name },
  rules,
});
const binding = (name: string, user: string) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
});
const mirrors = {
  apiGroups: ["metadatamirror.dev"],
  resources: ["metadatamirrors", "metadatagrants"],
  verbs: ["get", "create", "update", "patch"],
};
const listPods = { apiGroups: [""], resources: ["pods"], verbs: ["list"] };
const writeConfigMaps = { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "patch"] };

/** Far more than the operator is given: what is denied here is denied by the policies alone. */
const tooMuch = { apiGroups: [""], resources: ["*"], verbs: ["*"] };
const roles: readonly (readonly [name: string, user: string, rules: object[]])[] = [
  ["too-much", account, [tooMuch]],
  ["mirrors-only", "mirrors-only", [mirrors]],
  ["no-pods", "no-pods", [mirrors, writeConfigMaps]],
  ["no-configmaps", "no-configmaps", [mirrors, listPods]],
  ["author", "author", [mirrors, listPods, writeConfigMaps]],
];

/** kubectl in the namespace of the tests, as somebody. */
function as(user: string | undefined, args: readonly string[], object?: object) {
  const who = user === undefined ? [] : ["--as", user];
  return kubectl(["--namespace", "shop", ...who, ...args], object === undefined ? "" : JSON.stringify(object));
}
const create = (user: string | undefined, object: object) => as(user, ["create", "--filename=-"], object);
const configMap = (name: string, labels = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, labels },
  data: { key: "value" },
});
const ours = { "metadatamirror.dev/mirror": "peers" };
const mirror = (name: string) => ({
  apiVersion: "metadatamirror.dev/v1alpha1",
  kind: "MetadataMirror",
  metadata: { name },
  spec: { peers: { selector: {} }, items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] },
});
const grant = (name: string) => ({
  apiVersion: "metadatamirror.dev/v1alpha1",
  kind: "MetadataGrant",
  metadata: { name },
  spec: { from: [{ namespace: "spy" }], selector: {}, fields: { fieldPaths: ["metadata.name"] } },
});

beforeAll(async () => {
  expect(
    kubectl(["apply", "--server-side", "--force-conflicts", "-k", deployPath("overlays/cluster-wide")]).stderr,
  ).toBe("");
  await createScene(sandbox.client, "shop");
  for (const [name, user, rules] of roles) {
    expect(create(undefined, role(name, rules)).stderr).toBe("");
    expect(create(undefined, binding(name, user)).stderr).toBe("");
  }
  expect(create(undefined, configMap("foreign")).stderr).toBe("");
  await createPod(sandbox.client, {
    namespace: "shop",
    name: "pod",
    labels: { app: "web" },
    annotations: { own: "1" },
  });
  expect(create(undefined, mirror("existing")).stderr).toBe("");
});

test("the policies come into force", async () => {
  // the API server reads them a moment after they are written
  await expect.poll(() => create(account, configMap("probe")).stderr, { timeout: 30_000 }).toContain("denied");
  await expect
    .poll(() => create("mirrors-only", mirror("probe")).stderr, { timeout: 30_000 })
    .toContain("which you may not");
});

test("of ConfigMaps the operator may create, change and delete those that bear its label", () => {
  expect(create(account, configMap("ours", ours))).toMatchObject({ status: 0 });
  expect(as(account, ["patch", "configmap", "ours", '--patch={"data":{"key":"new"}}'])).toMatchObject({ status: 0 });
  expect(as(account, ["delete", "configmap", "ours"])).toMatchObject({ status: 0 });
});

test.for([
  ["create one without its label", ["create", "configmap", "unlabelled"]],
  ["change one of others", ["patch", "configmap", "foreign", '--patch={"data":{"key":"new"}}']],
  ["make one of others its own", ["label", "configmap", "foreign", "metadatamirror.dev/mirror=peers"]],
  ["delete one of others", ["delete", "configmap", "foreign"]],
  ["delete all", ["delete", "configmaps", "--all"]],
] as const)("of ConfigMaps the operator may not: %s", ([, args]) => {
  const { status, stderr } = as(account, args);
  expect(stderr).toMatch(/denied request: the operator may only (touch|write) ConfigMaps that are labelled/);
  expect(status).toBe(1);
  expect(as(undefined, ["get", "configmap", "foreign", "--output=jsonpath={.data.key}{.metadata.labels}"]).stdout).toBe(
    "value",
  );
});

test("of ConfigMaps the operator may not let go of its own", () => {
  expect(create(undefined, configMap("kept", ours))).toMatchObject({ status: 0 });
  const { stderr } = as(account, ["label", "configmap", "kept", "metadatamirror.dev/mirror-"]);
  expect(stderr).toContain("the operator may only write ConfigMaps that are labelled metadatamirror.dev/mirror");
});

const patchStatus = (patch: object) => [
  "patch",
  "pod",
  "pod",
  "--subresource=status",
  "--type=merge",
  `--patch=${JSON.stringify(patch)}`,
];
const annotate = (annotations: object) => patchStatus({ metadata: { annotations } });

test("of pods the operator may set, change and remove its annotation through pods/status", () => {
  for (const revision of ["iV2udLZW9g", "iV2udLZW9g.1", null]) {
    expect(as(account, annotate({ "metadatamirror.dev/revision": revision }))).toMatchObject({ status: 0, stderr: "" });
    const { stdout } = as(undefined, ["get", "pod", "pod", "--output=jsonpath={.metadata.annotations}"]);
    expect(JSON.parse(stdout)).toEqual({ own: "1", ...(revision && { "metadatamirror.dev/revision": revision }) });
  }
});

const runAnother = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "another" },
  spec: { containers: [{ name: "c", image: "i" }] },
};
const bind = { apiVersion: "v1", kind: "Binding", metadata: { name: "pod" }, target: { kind: "Node", name: "n" } };
const evict = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "pod", namespace: "shop" } };
const raw = (path: string) => ["create", `--raw=/api/v1/namespaces/shop/pods/${path}`, "--filename=-"];
const nothing = "the operator may do nothing to a pod but update pods/status";

test.for<readonly [string, string, readonly string[], object?]>([
  ["add another annotation", "the operator may change no annotation", annotate({ other: "x" })],
  ["change another annotation", "the operator may change no annotation", annotate({ own: "2" })],
  ["remove another annotation", "the operator may change no annotation", annotate({ own: null })],
  ["write a long text", "must be a short hash", annotate({ "metadatamirror.dev/revision": "x".repeat(65) })],
  ["write any text", "must be a short hash", annotate({ "metadatamirror.dev/revision": "a b" })],
  ["change a label", "labels, finalizers or owners", patchStatus({ metadata: { labels: { app: "db" } } })],
  ["add a finalizer", "labels, finalizers or owners", patchStatus({ metadata: { finalizers: ["a.b/c"] } })],
  [
    "forge an address",
    "a pod's spec or status",
    patchStatus({ status: { podIP: "1.2.3.4", podIPs: [{ ip: "1.2.3.4" }] } }),
  ],
  ["forge a phase", "a pod's spec or status", patchStatus({ status: { phase: "Failed" } })],
  ["annotate by pods itself", nothing, ["annotate", "pod", "pod", "metadatamirror.dev/revision=x"]],
  ["change an image", nothing, ["set", "image", "pod/pod", "*=other"]],
  ["resize", nothing, ["patch", "pod", "pod", "--subresource=resize", '--patch={"metadata":{"labels":{"x":"y"}}}']],
  ["create one", nothing, ["create", "--filename=-"], runAnother],
  ["delete one", nothing, ["delete", "pod", "pod", "--force"]],
  ["bind one", nothing, raw("pod/binding"), bind],
  ["evict one", nothing, raw("pod/eviction"), evict],
  ["exec", nothing, ["exec", "pod", "--", "sh"]],
])("of pods the operator may not: %s", ([, message, args, object]) => {
  const before = as(undefined, ["get", "pod", "pod", "--output=json"]).stdout;
  const { status, stderr } = as(account, args, object);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
  expect(as(undefined, ["get", "pod", "pod", "--output=json"]).stdout).toBe(before);
});

test("who may list pods and write ConfigMaps may write mirrors and grants", () => {
  expect(create("author", mirror("written"))).toMatchObject({ status: 0 });
  expect(create("author", grant("written"))).toMatchObject({ status: 0 });
  const change = '--patch={"spec":{"peers":{"include":"All"}}}';
  expect(as("author", ["patch", "metadatamirror", "written", "--type=merge", change])).toMatchObject({ status: 0 });
});

const change = ["patch", "metadatamirror", "existing", "--type=merge", '--patch={"spec":{"peers":{"include":"All"}}}'];
test.for<readonly [string, string, string, readonly string[], object?]>([
  ["create a mirror", "no-pods", "which you may not list", ["create", "--filename=-"], mirror("denied")],
  [
    "create a mirror",
    "no-configmaps",
    "which you may not create and patch",
    ["create", "--filename=-"],
    mirror("denied"),
  ],
  ["change a mirror", "no-pods", "which you may not list", change],
  ["change a mirror", "no-configmaps", "which you may not create and patch", change],
  ["create a grant", "no-pods", "which you may not list", ["create", "--filename=-"], grant("denied")],
])("who may not do it by hand may not %s: %s", ([, user, message, args, object]) => {
  const { status, stderr } = as(user, args, object);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
  const include = as(undefined, ["get", "metadatamirror", "existing", "--output=jsonpath={.spec.peers.include}"]);
  expect(include.stdout).toBe("Running");
});

test("a change that is not of the spec is not asked about, and a grant does not ask for ConfigMaps", () => {
  expect(as("mirrors-only", ["label", "metadatamirror", "existing", "team=a"])).toMatchObject({ status: 0 });
  expect(create("no-configmaps", grant("without-configmaps"))).toMatchObject({ status: 0 });
});
