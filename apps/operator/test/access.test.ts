import { readFileSync } from "node:fs";
import { pods } from "@metadata-mirror/api-client";
import { beforeAll, expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { account, deployPath, operatorClient, operatorUser, useKubectl } from "./kubectl.ts";
import { createScene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox({ users: [operatorUser] });
const kubectl = useKubectl(sandbox);
const apply = (overlay: string) =>
  expect(kubectl(["apply", "--server-side", "--force-conflicts", "-k", deployPath(overlay)])).toMatchObject({
    status: 0,
    stderr: "",
  });

/** Resource → verbs, as a table of docs/security.md has them; its heading says which. */
function documented(heading = "| resource | verbs |"): Record<string, string[]> {
  const text = readFileSync(new URL("../../../docs/security.md", import.meta.url), "utf8");
  const [table = ""] = text.slice(text.indexOf(heading)).split("\n\n");
  const rows = [...table.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)];
  return Object.fromEntries(rows.map(([, resource = "", verbs = ""]) => [resource, verbs.trim().split(", ").sort()]));
}

/** Resource → verbs, as the API server tells of the account in the namespace: what everyone may do is left out. */
function granted(user: string, namespace: string): Record<string, string[]> {
  const { stdout, stderr } = kubectl(["auth", "can-i", "--list", "--as", user, "--namespace", namespace]);
  expect(stderr).toBe("");
  const rules = [...stdout.matchAll(/^(\S+) +\[(.*?)\] +\[(.*?)\] +\[(.*?)\]$/gm)];
  expect(rules.length).toBeGreaterThan(1);
  const own = rules.filter(([, resource]) => !resource?.startsWith("self"));
  return Object.fromEntries(own.map(([, resource = "", , , verbs = ""]) => [resource, verbs.split(" ").sort()]));
}

/** What the role for refreshing adds. */
const refresh = () => documented("| with the role | verbs |");

/** What it may do in its own namespace besides. */
const own = () => documented("| in its own namespace | verbs |");

beforeAll(() => {
  expect(Object.keys(documented())).toHaveLength(7);
  expect(refresh()).toEqual({ "pods/status": ["patch"] });
  expect(Object.keys(own())).toEqual(["leases.coordination.k8s.io"]);
});

test("in the listed namespaces the account may do what is documented, but for nodes, in its own it may keep Leases, and elsewhere nothing", async () => {
  const scene = await createScene(sandbox.client, "shop");
  for (const namespace of ["shop-eu", "elsewhere"]) await createScene(sandbox.client, namespace);
  apply("overlays/namespaced");
  const { nodes: _, ...inNamespace } = documented();
  expect(granted(account, "shop")).toEqual(inNamespace);
  expect(granted(account, "shop-eu")).toEqual(inNamespace);
  expect(granted(account, "elsewhere")).toEqual({});
  expect(granted(account, "metadata-mirror")).toEqual(own());

  // and it is enough
  await createPod(sandbox.client, { namespace: "shop", name: "a", labels: { app: "web" } });
  await using client = await operatorClient(sandbox.controlPlane);
  await using _operator = startOperator(client, { namespaces: ["shop", "shop-eu"] });
  await scene.createMirror("peers");
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  await scene.expectCondition("peers", "Ready", { status: "True" });
});

test("with the role for refreshing in one namespace the account may do what is documented for it, there only", () => {
  expect(kubectl(["apply", "--namespace", "shop", "-k", deployPath("refresh/namespaced")])).toMatchObject({
    status: 0,
    stderr: "",
  });
  const { nodes: _, ...inNamespace } = documented();
  expect(granted(account, "shop")).toEqual({ ...inNamespace, ...refresh() });
  expect(granted(account, "shop-eu")).toEqual(inNamespace);
  const removed = kubectl(["delete", "--namespace", "shop", "-k", deployPath("refresh/namespaced")]);
  expect(removed).toMatchObject({ status: 0, stderr: "" });
});

test("with the cluster-wide overlay the account may do what is documented, everywhere, and no more", () => {
  apply("overlays/cluster-wide");
  for (const namespace of ["shop", "elsewhere", "kube-system"]) {
    expect(granted(account, namespace)).toEqual(documented());
  }
  expect(granted(account, "metadata-mirror")).toEqual({ ...documented(), ...own() });
});

test("with the overlay of three replicas the account may do the same, and no more", () => {
  apply("overlays/cluster-wide-sharded");
  for (const namespace of ["shop", "kube-system"]) expect(granted(account, namespace)).toEqual(documented());
  expect(granted(account, "metadata-mirror")).toEqual({ ...documented(), ...own() });
});

test("with the overlay that refreshes too it may do that besides, everywhere, and no more", () => {
  apply("overlays/cluster-wide-refresh");
  for (const namespace of ["shop", "elsewhere", "kube-system"]) {
    expect(granted(account, namespace)).toEqual({ ...documented(), ...refresh() });
  }
});

/** Patches the pod as the account, through pods/status; answers what the API server says against it. */
async function patch(body: object): Promise<string> {
  await using client = await operatorClient(sandbox.controlPlane);
  try {
    await client.patch(pods, { namespace: "shop", name: "a", subresource: "status" }, body);
    return "";
  } catch (error) {
    return String(error);
  }
}
const annotations = (of: object) => ({ metadata: { annotations: of } });
const revision = (value: string) => annotations({ "metadatamirror.dev/revision": value });

test("with that role the account may set its annotation on a pod", async () => {
  expect(await patch(revision("abc.2"))).toBe("");
  // the API server reads the policies a moment after they are written
  await expect.poll(() => patch(annotations({ probe: "1" })), { timeout: 30_000 }).toContain("denied request");
});

const address = { podIP: "1.2.3.4", podIPs: [{ ip: "1.2.3.4" }] };

test.for<readonly [string, object, string]>([
  ["another annotation", annotations({ other: "x" }), "may change no annotation"],
  [
    "a label, and so the Services that it's in",
    { metadata: { labels: { app: "db" } } },
    "may not change a pod's labels",
  ],
  ["a finalizer", { metadata: { finalizers: ["a.b/c"] } }, "may not change a pod's labels, finalizers"],
  ["an address", { status: address }, "may not change a pod's spec or status"],
  ["a phase", { status: { phase: "Failed" } }, "may not change a pod's spec or status"],
  ["a condition along with its annotation", { ...revision("b"), status: { conditions: [] } }, "a pod's spec or status"],
  ["its annotation to a long text", revision("x".repeat(65)), "must be a short hash"],
])("with that role the account may not change of a pod: %s", async ([, body, message]) => {
  const before = await sandbox.client.get(pods, { namespace: "shop", name: "a" });
  expect(await patch(body)).toContain(message);
  expect(await sandbox.client.get(pods, { namespace: "shop", name: "a" })).toEqual(before);
});

test("with that role the account may not annotate a pod but by its status", async () => {
  await using client = await operatorClient(sandbox.controlPlane);
  const answer = client.patch(pods, { namespace: "shop", name: "a" }, revision("x"));
  await expect(answer).rejects.toThrow(/cannot patch resource "pods"/);
});

test("an account of the same name in another namespace may do nothing", () => {
  expect(granted("system:serviceaccount:shop:metadata-mirror", "shop")).toEqual({});
});
