import { readFileSync } from "node:fs";
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

/** Resource → verbs, as the table of docs/security.md has them. */
function documented(): Record<string, string[]> {
  const text = readFileSync(new URL("../../../docs/security.md", import.meta.url), "utf8");
  const table = text.slice(text.indexOf("| resource | verbs |"), text.indexOf("With `deploy/overlays/namespaced`"));
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

beforeAll(() => {
  expect(Object.keys(documented())).toHaveLength(7);
});

test("in the listed namespaces the account may do what is documented, but for nodes, and elsewhere nothing", async () => {
  const scene = await createScene(sandbox.client, "shop");
  for (const namespace of ["shop-eu", "elsewhere"]) await createScene(sandbox.client, namespace);
  apply("overlays/namespaced");
  const { nodes: _, ...inNamespace } = documented();
  expect(granted(account, "shop")).toEqual(inNamespace);
  expect(granted(account, "shop-eu")).toEqual(inNamespace);
  expect(granted(account, "elsewhere")).toEqual({});

  // and it is enough
  await createPod(sandbox.client, { namespace: "shop", name: "a", labels: { app: "web" } });
  await using client = await operatorClient(sandbox.controlPlane);
  await using _operator = startOperator(client, { namespaces: ["shop", "shop-eu"] });
  await scene.createMirror("peers");
  await scene.expectData("peers", { a_podName: "a", a_labels: 'app="web"' });
  await scene.expectCondition("peers", "Ready", { status: "True" });
});

test("with the cluster-wide overlay the account may do what is documented, everywhere, and no more", () => {
  apply("overlays/cluster-wide");
  for (const namespace of ["shop", "elsewhere", "kube-system"]) {
    expect(granted(account, namespace)).toEqual(documented());
  }
});

test("an account of the same name in another namespace may do nothing", () => {
  expect(granted("system:serviceaccount:shop:metadata-mirror", "shop")).toEqual({});
});
