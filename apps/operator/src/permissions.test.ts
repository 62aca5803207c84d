import { readFileSync } from "node:fs";
import type { Permission, ReviewApi } from "@metadata-mirror/auth";
import { pino } from "pino";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { neededPermissions, optionalPermissions, reportPermissions } from "./permissions.ts";

/** `verb resource.group`, each verb of each resource, in order. */
function flat(permissions: readonly Pick<Permission, "group" | "resource" | "verbs">[]): string[] {
  return permissions
    .flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${verb} ${[resource, group].join(".")}`))
    .sort();
}

/** The same of a Role or ClusterRole below `deploy`. */
function granted(file: string): string[] {
  const text = readFileSync(new URL(`../../../deploy/${file}`, import.meta.url), "utf8");
  const { rules } = parse(text) as { rules: Record<"apiGroups" | "resources" | "verbs", string[]>[] };
  const permissions = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.map((resource) => ({ group, resource, verbs }))),
  );
  return flat(permissions);
}

const everywhere = { namespaces: undefined, leases: undefined };

/** What can be done without: to read nodes, and to refresh. */
const optional = (namespaces?: readonly string[]) =>
  optionalPermissions(namespaces).map(({ permissions }) => permissions);

test("the operator wants what the overlays grant, and they grant no more", () => {
  const [readNodes = []] = optional();
  const all = [...neededPermissions(everywhere), ...readNodes];
  expect(flat(all)).toEqual(granted("overlays/cluster-wide/cluster-role.yaml"));
  expect(flat(neededPermissions({ ...everywhere, namespaces: ["shop"] }))).toEqual(granted("access/role.yaml"));
});

test("with Leases it wants besides what the base grants in its own namespace, there only", () => {
  const leases = { namespace: "operators", shards: 12 };
  for (const namespaces of [undefined, ["shop", "shop-eu"]]) {
    const without = neededPermissions({ namespaces, leases: undefined });
    const added = neededPermissions({ namespaces, leases }).filter(({ resource }) => resource === "leases");
    expect(neededPermissions({ namespaces, leases })).toEqual([...without, ...added]);
    expect(added.map(({ namespace }) => namespace)).toEqual(["operators"]);
    expect(flat(added)).toEqual(granted("base/lease-role.yaml"));
  }
});

test("to refresh, it wants what the roles for that grant, and they grant no more", () => {
  const [, refresh = []] = optional();
  const [, refreshInShop = []] = optional(["shop"]);
  expect(flat(refresh)).toEqual(["patch pods/status."]);
  expect(flat(refresh)).toEqual(granted("refresh/cluster-wide/cluster-role.yaml"));
  expect(flat(refreshInShop)).toEqual(granted("refresh/namespaced/role.yaml"));
  expect(refreshInShop.map(({ namespace }) => namespace)).toEqual(["shop"]);
});

test("with namespaces it wants the same in each of them, and without in the whole cluster", () => {
  const all = neededPermissions(everywhere);
  expect(all.map(({ namespace }) => namespace)).toEqual(all.map(() => undefined));
  const inTwo = neededPermissions({ ...everywhere, namespaces: ["shop", "shop-eu"] });
  expect(inTwo).toEqual(
    ["shop", "shop-eu"].flatMap((namespace) => all.map((permission) => ({ ...permission, namespace }))),
  );
});

interface Entry {
  readonly level: number;
  readonly msg: string;
  readonly rules?: string;
  readonly fault?: string;
}

/** What is logged where the API server answers so, to `verb resource`. */
async function entries(request: (question: string) => Promise<boolean>, signal = new AbortController().signal) {
  const logged: Entry[] = [];
  const log = pino({ base: null }, { write: (line: string) => void logged.push(JSON.parse(line) as Entry) });
  const api: ReviewApi = {
    async request({ body }) {
      const { spec } = body as {
        spec: { resourceAttributes: { verb: string; resource: string; subresource?: string } };
      };
      const { verb, resource, subresource } = spec.resourceAttributes;
      const what = [resource, subresource].filter((part) => part !== undefined).join("/");
      return { status: { allowed: await request(`${verb} ${what}`) } };
    },
  };
  const leases = { namespace: "operators", shards: 1 };
  await reportPermissions({ api, config: { namespaces: ["shop", "shop-eu"], leases }, log, signal });
  return logged;
}

test("nothing is logged where nothing is missing", async () => {
  expect(await entries(async () => true)).toEqual([]);
});

test("all that is missing is one entry, of level error, with the rules to add", async () => {
  const logged = await entries(async (question) => !["patch configmaps", "create events"].includes(question));
  expect(logged).toMatchObject([{ level: 50, msg: expect.stringMatching(/^permissions are missing/) }]);
  const rules = logged[0]?.rules ?? "";
  expect(rules).toContain("# - patch configmaps in namespace shop: the result\n");
  expect(rules).toContain("# - create events.events.k8s.io in namespace shop-eu: an Event each time");
  expect(rules.match(/^kind: Role$/gm)).toHaveLength(2);
  expect(rules).not.toContain("metadata-mirror\n");
});

test("that Leases may not be written is told of the namespace in which they are", async () => {
  const logged = await entries(async (question) => question !== "patch leases");
  expect(logged).toMatchObject([{ level: 50, msg: expect.stringMatching(/^permissions are missing/) }]);
  expect(logged[0]?.rules).toContain(
    "# - patch leases.coordination.k8s.io in namespace operators: which replica keeps",
  );
});

test("nodes that can't be read are no error", async () => {
  const logged = await entries(async (question) => !question.endsWith(" nodes"));
  expect(logged).toMatchObject([{ level: 30, msg: expect.stringContaining("limits that are unset are left out") }]);
  expect(logged[0]?.rules).toContain("kind: ClusterRole\n");
});

test("nor is it that pods can't be refreshed, in some of the namespaces", async () => {
  const logged = await entries(async (question) => question !== "patch pods/status");
  expect(logged).toMatchObject([{ level: 30, msg: expect.stringContaining("pods can't be refreshed") }]);
  expect(logged[0]?.rules).toContain("    resources: [pods/status]\n    verbs: [patch]\n");
  expect(logged[0]?.rules?.match(/^kind: Role$/gm)).toHaveLength(2);
});

test("where it can't be asked that is a warning, and where we are being stopped nothing", async () => {
  const failing = () => Promise.reject(new Error("no route to host"));
  expect(await entries(failing)).toMatchObject([{ level: 40, fault: expect.stringContaining("no route to host") }]);
  expect(await entries(failing, AbortSignal.abort())).toEqual([]);
});
