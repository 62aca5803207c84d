import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { resolve } from "@metadata-mirror/auth";
import { type ControlPlane, findBinary, startControlPlane } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browsed, browse } from "../src/browse/browse.ts";
import { type ApiClient, connect } from "../src/client.ts";
import type { DiscoveredResource, Discovery } from "../src/discovery/discovery.ts";
import { discover } from "../src/discovery/discover.ts";
import { resourceOf } from "../src/discovery/finder.ts";
import { configMaps, customResourceDefinitions, namespaces, type Resource } from "../src/resource.ts";
import { eventually } from "./eventually.ts";

let controlPlane: ControlPlane;
let client: ApiClient;
let program: string;
beforeAll(async () => {
  controlPlane = await startControlPlane({ env: process.env });
  client = connect(await resolve({ env: { KUBECONFIG: controlPlane.kubeconfigPath } }));
  program = await findBinary("kubectl", { env: process.env });
  // no controller runs: it stays as it is
  await kubectl("create", "job", "hello", "--image=busybox", "--", "true");
});
afterAll(async () => {
  await client?.[Symbol.asyncDispose]();
  await controlPlane?.[Symbol.asyncDispose]();
});

/** kubectl's standard output. Its cache is that of this server, since another one may have had the port before. */
async function kubectl(...args: readonly string[]): Promise<string> {
  const login = ["--kubeconfig", controlPlane.kubeconfigPath, "--cache-dir", join(controlPlane.directory, "cache")];
  const { stdout } = await promisify(execFile)(program, [...login, ...args], { maxBuffer: 10_000_000 });
  return stdout;
}

/** What is at the path, if the answer before leads there. */
async function follow(before: Browsed, path: string): Promise<Browsed> {
  expect(before.links).toContain(path);
  return browse(client, path);
}

/** Everything that one comes to from `path`, by path. */
async function walk(path: string): Promise<ReadonlyMap<string, Browsed>> {
  const found = new Map<string, Browsed>();
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next) || next.includes("{")) continue;
    const answer = await browse(client, next);
    found.set(next, answer);
    open.push(...answer.links, ...(answer.next === undefined ? [] : [answer.next]));
  }
  return found;
}

const resourcesOf = ({ groups }: Discovery): readonly DiscoveredResource[] =>
  groups.flatMap(({ versions }) => versions.flatMap(({ resources }) => resources));

test("one comes from / to a Job as with curl, and it is what kubectl shows", async () => {
  const root = await browse(client, "/");
  expect(root).toMatchObject({ type: "paths", paths: expect.arrayContaining(["/apis", "/apis/batch/v1", "/healthz"]) });
  const groups = await follow(root, "/apis");
  expect(groups).toMatchObject({ groups: expect.arrayContaining([{ name: "autoscaling", versions: ["v2", "v1"] }]) });
  const batch = await follow(groups, "/apis/batch/v1");
  expect(batch).toMatchObject({
    type: "resources",
    group: "batch",
    version: "v1",
    resources: [
      { plural: "cronjobs", kind: "CronJob", namespaced: true, shortNames: ["cj"] },
      { plural: "jobs", kind: "Job", namespaced: true, verbs: expect.arrayContaining(["list", "watch"]) },
    ],
  });
  expect(batch.links).toContain("/apis/batch/v1/namespaces/{namespace}/jobs/{name}");
  const jobs = await follow(batch, "/apis/batch/v1/jobs");
  expect(jobs).toMatchObject({ type: "list", apiVersion: "batch/v1", kind: "JobList", next: undefined });
  const hello = await follow(jobs, "/apis/batch/v1/namespaces/default/jobs/hello");

  const shown: unknown = JSON.parse(await kubectl("get", "job", "hello", "-o", "json", "--show-managed-fields"));
  if (hello.type !== "object") throw new Error(`a Job is ${hello.type}`);
  expect(hello.object).toEqual(shown);
  const { managedFields, ...metadata } = hello.object.metadata;
  expect(managedFields).not.toEqual([]);
  const usual: unknown = JSON.parse(await kubectl("get", "job", "hello", "-o", "json"));
  expect({ ...hello.object, metadata }).toEqual(usual);
});

test("a path may be typed in any way, and may be of no JSON", async () => {
  const canonical = await browse(client, "/apis/batch/v1/namespaces/default/jobs");
  expect(canonical).toMatchObject({ type: "list", items: [{ metadata: { name: "hello" } }] });
  expect(await browse(client, "apis/batch/v1/namespaces/default/jobs/")).toEqual(canonical);
  expect(await browse(client, "/apis/batch/")).toMatchObject({
    groups: [{ name: "batch" }],
    links: ["/apis/batch/v1"],
  });
  expect(await browse(client, "api")).toMatchObject({ type: "versions", versions: ["v1"], links: ["/api/v1"] });
  expect(await browse(client, "healthz")).toMatchObject({ type: "text", text: "ok" });
  expect(await browse(client, "/readyz?verbose")).toMatchObject({ text: expect.stringContaining("[+]etcd ok\n") });
  expect(await browse(client, "/metrics")).toMatchObject({ text: expect.stringContaining("# TYPE ") });
  expect(await browse(client, "/version")).toMatchObject({ type: "document", document: { major: "1" } });
  expect((await browse(client, "/openapi/v3")).links).toContainEqual(
    expect.stringMatching(/^\/openapi\/v3\/apis\/batch\/v1\?hash=/),
  );
  await expect(browse(client, "/apis/nothing.example")).rejects.toMatchObject({ code: "not-found" });
});

test("a collection too large for a page says how much there is beyond, and where", async () => {
  await client.create(namespaces, { metadata: { name: "pages" } });
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names) await client.create(configMaps, { metadata: { namespace: "pages", name } });
  const pages: Browsed[] = [];
  let next: string | undefined = "/api/v1/namespaces/pages/configmaps";
  for (; next !== undefined; next = pages.at(-1)?.next) pages.push(await browse(client, next, { limit: 2 }));
  expect(pages.map((page) => page.type === "list" && [page.items.length, page.remaining])).toEqual([
    [2, 3],
    [2, 1],
    [1, undefined],
  ]);
  expect(pages.flatMap(({ links }) => links)).toEqual(
    names.map((name) => `/api/v1/namespaces/pages/configmaps/${name}`),
  );
});

test("everything that there is can be read by its links alone, from / on", async () => {
  const found = await walk("/");
  const lists = [...found].flatMap(([path, { type }]) => (type === "list" ? [path] : []));
  const listable = resourcesOf(await discover(client)).filter(({ verbs }) => verbs.includes("list"));
  expect(lists.toSorted()).toEqual(
    listable
      .map(({ group, version, plural }) => `${group === "" ? "/api" : `/apis/${group}`}/${version}/${plural}`)
      .toSorted(),
  );
  expect(found.get("/apis/batch/v1/namespaces/default/jobs/hello")).toMatchObject({ type: "object" });
  expect(found.get("/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode")).toMatchObject({ type: "object" });
  expect(found.get("/livez/ping")).toMatchObject({ type: "text", text: "ok" });
});

test("what is discovered is what kubectl api-resources shows", async () => {
  const table = await kubectl("api-resources", "-o", "wide");
  const [head = "", ...rows] = table.trimEnd().split("\n");
  const columns = [...head.matchAll(/[A-Z]+ */g)].map(({ index, 0: { length } }) => [index, index + length] as const);
  const shown = rows.map((row) => columns.map(([from, to], index) => row.slice(from, columns[index + 1] && to).trim()));

  const { groups, unavailable } = await discover(client);
  expect(unavailable).toEqual([]);
  const preferred = groups.flatMap(({ versions }) => {
    const all = versions.flatMap(({ resources }) => resources);
    return all.filter((resource) => all.find(({ plural }) => plural === resource.plural) === resource);
  });
  const rowOf = ({ group, version, plural, kind, namespaced, verbs, shortNames, categories }: DiscoveredResource) => [
    plural,
    shortNames.join(","),
    group === "" ? version : `${group}/${version}`,
    String(namespaced),
    kind,
    verbs.join(","),
    categories.join(","),
  ];
  const sorted = (rows: readonly (readonly string[])[]) => rows.map((row) => row.join(" ")).toSorted();
  expect(sorted(preferred.map(rowOf))).toEqual(sorted(shown));
});

const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };

test("a CustomResourceDefinition shows up, and its resource can be asked for at once", async () => {
  const version = (name: string, storage: boolean) => ({ name, served: true, storage, schema });
  const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };
  await client.create(customResourceDefinitions, {
    metadata: { name: "widgets.test.example" },
    spec: {
      group: "test.example",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget", shortNames: ["wd"], categories: ["all"] },
      versions: [
        version("v1alpha1", false),
        version("v1beta1", false),
        { ...version("v1", true), subresources: { status: {}, scale } },
      ],
    },
  });
  await client.create(customResourceDefinitions, {
    metadata: { name: "apples.test.example" },
    spec: {
      group: "test.example",
      scope: "Cluster",
      names: { plural: "apples", kind: "Apple" },
      versions: [version("v1", true)],
    },
  });
  const versionsOf = async () =>
    (await discover(client)).groups
      .find(({ name }) => name === "test.example")
      ?.versions.map(({ version, resources }) => [version, resources.map(({ plural }) => plural)]);
  await eventually(versionsOf).toEqual([
    ["v1", ["apples", "widgets"]],
    ["v1beta1", ["widgets"]],
    ["v1alpha1", ["widgets"]],
  ]);

  const widgets = resourceOf(await discover(client), "wd");
  expect(widgets).toEqual({
    group: "test.example",
    version: "v1",
    plural: "widgets",
    kind: "Widget",
    namespaced: true,
  });
  const ref = { namespace: "default", name: "first" };
  await client.create(widgets, { apiVersion: "test.example/v1", kind: "Widget", metadata: ref });
  expect(await client.get(widgets, ref)).toMatchObject({ kind: "Widget", metadata: ref });
  const found = await walk("/apis/test.example/v1");
  expect([...found.keys()].toSorted()).toEqual([
    "/apis/test.example/v1",
    "/apis/test.example/v1/apples",
    "/apis/test.example/v1/namespaces/default/widgets/first",
    "/apis/test.example/v1/widgets",
  ]);
});

const apiServices: Resource = {
  group: "apiregistration.k8s.io",
  version: "v1",
  plural: "apiservices",
  kind: "APIService",
  namespaced: false,
};

test("discovery is the same aggregated and not, and what leads nowhere is unavailable in both", async () => {
  const before = await discover(client);
  const spec = {
    group: "nowhere.example",
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { namespace: "default", name: "absent" },
  };
  const metadata = { name: "v1beta1.nowhere.example" };
  await client.create(apiServices, { metadata, spec: { ...spec, version: "v1beta1" } });
  for (const aggregated of [true, false]) {
    const nowhere = { group: "nowhere.example", version: "v1beta1" };
    await eventually(async () => (await discover(client, { aggregated })).unavailable).toMatchObject([nowhere]);
  }

  const aggregated = await discover(client);
  const unaggregated = await discover(client, { aggregated: false });
  expect(unaggregated.groups).toEqual(aggregated.groups);
  expect(aggregated.groups).toEqual(before.groups);
  expect(aggregated.groups.map(({ name }) => name)).toEqual(expect.arrayContaining(["", "apps", "test.example"]));
  expect(aggregated.unavailable[0]?.reason).toContain("kubectl get apiservice v1beta1.nowhere.example");
  expect(unaggregated.unavailable[0]?.reason).toBe(
    "[unavailable] GET /apis/nowhere.example/v1beta1: service unavailable (HTTP 503)",
  );
  expect(() => resourceOf(aggregated, "things.nowhere.example")).toThrow(
    "not looked into, since unavailable: nowhere.example/v1beta1",
  );
});
