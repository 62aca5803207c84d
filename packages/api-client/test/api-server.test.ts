import { type Credentials, resolve } from "@metadata-mirror/auth";
import { type Access, type ControlPlane, startControlPlane } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../src/client.ts";
import { systemClock } from "../src/clock.ts";
import type { KubernetesObject } from "../src/kubernetes-object.ts";
import { configMaps, customResourceDefinitions, namespaces, pods, type Resource } from "../src/resource.ts";
import { eventually } from "./eventually.ts";
import { stateOf } from "./reflected-state.ts";
import { nameOf, reflect } from "./reflection.ts";
import { anonymous } from "./scripted-server.ts";

/** Pauses in hundredths, so that the tests needn't wait for them. */
const hastyClock = { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 100, signal) };

let controlPlane: ControlPlane;
let credentials: Credentials;
beforeAll(async () => {
  controlPlane = await startControlPlane({ env: process.env, users: [{ name: "jane" }] });
  credentials = credentialsOf(controlPlane);
});
afterAll(() => controlPlane?.[Symbol.asyncDispose]());

function credentialsOf({ server, ca, token }: Omit<Access, "kubeconfig">): Credentials {
  return { ...anonymous(server, { ca, insecureSkipTLSVerify: false }), token: () => Promise.resolve(token) };
}

/** A client, and a namespace of its own. */
async function workplace(namespace: string) {
  const client = connect(credentials);
  await client.create(namespaces, { metadata: { name: namespace } });
  const configMap = (name: string, data: object = {}): KubernetesObject => ({ metadata: { namespace, name }, data });
  return { client, namespace, configMap, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

/** Eight at a time. */
async function forEach(count: number, run: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

test("the kubeconfig that the control plane writes leads to it", async () => {
  const found = await resolve({ env: { KUBECONFIG: controlPlane.kubeconfigPath } });
  await using client = connect(found);
  expect(await client.request({ path: "/version" })).toMatchObject({ major: "1" });
});

test("1,200 objects come in pages of 100, each once, all of one moment", async () => {
  await using work = await workplace("pages");
  const names = Array.from({ length: 1_200 }, (_, index) => `item-${String(index).padStart(4, "0")}`);
  await forEach(names.length, (index) => work.client.create(configMaps, work.configMap(names[index] ?? "")));

  const pages: (readonly string[])[] = [];
  const versions = new Set<string>();
  for await (const { items, resourceVersion } of work.client.list(configMaps, { namespace: "pages", limit: 100 })) {
    pages.push(items.map(nameOf));
    versions.add(resourceVersion);
    // what changes between two pages isn't seen
    if (pages.length === 1) await work.client.create(configMaps, work.configMap("item-1199b"));
  }
  expect(pages.map(({ length }) => length)).toEqual(Array.from({ length: 12 }, () => 100));
  expect(pages.flat()).toEqual(names);
  expect(versions.size).toBe(1);

  await using reflection = reflect(credentials, { resource: configMaps, namespace: "pages", pageSize: 100 });
  await eventually(() => stateOf(reflection.told)).toEqual([...names, "item-1199b"]);
  expect(reflection.contacts.length).toBeGreaterThanOrEqual(13);
});

test("an object is created, patched in every way, and deleted", async () => {
  await using work = await workplace("verbs");
  const { client } = work;
  const ref = { namespace: "verbs", name: "web" };
  const created = await client.create(configMaps, work.configMap("web", { a: "1" }), { fieldManager: "tester" });
  expect(created).toMatchObject({ kind: "ConfigMap", data: { a: "1" } });
  expect(created.metadata.managedFields).toMatchObject([{ manager: "tester" }]);

  expect(await client.patch(configMaps, ref, { data: { b: "2" } })).toMatchObject({ data: { a: "1", b: "2" } });
  const json = [{ op: "remove", path: "/data/a" }];
  expect((await client.patch(configMaps, ref, json, { type: "json" }))["data"]).toEqual({ b: "2" });
  const strategic = { metadata: { labels: { app: "web" } } };
  expect((await client.patch(configMaps, ref, strategic, { type: "strategic" })).metadata.labels).toEqual({
    app: "web",
  });
  const desired = { apiVersion: "v1", kind: "ConfigMap", metadata: ref, data: { b: "3" } };
  const apply = { type: "apply", fieldManager: "mirror" } as const;
  await expect(client.patch(configMaps, ref, desired, apply)).rejects.toMatchObject({ code: "conflict" });
  expect(await client.patch(configMaps, ref, desired, { ...apply, force: true })).toMatchObject({ data: { b: "3" } });

  const found = await client.get(configMaps, ref);
  await client.delete(configMaps, ref, { uid: found.metadata.uid ?? "" });
  await expect(client.get(configMaps, ref)).rejects.toMatchObject({ code: "not-found", status: 404 });
});

test("refusals carry the code to decide by, and words that name the object", async () => {
  await using work = await workplace("refusals");
  const { client } = work;
  const ref = { namespace: "refusals", name: "web" };
  const { metadata } = await client.create(configMaps, work.configMap("web", { a: "1" }));
  await client.patch(configMaps, ref, { data: { a: "2" } });

  await expect(client.create(configMaps, work.configMap("web"))).rejects.toThrow(
    '[already-exists] create configmaps refusals/web: configmaps "web" already exists (HTTP 409)',
  );
  const stale = { metadata: { resourceVersion: metadata.resourceVersion ?? "" }, data: { a: "3" } };
  await expect(client.patch(configMaps, ref, stale)).rejects.toThrow(
    /^\[conflict\] patch configmaps refusals\/web: .*the object has been modified/,
  );
  await expect(client.delete(configMaps, ref, { uid: "other" })).rejects.toMatchObject({ code: "conflict" });
  await expect(client.delete(configMaps, ref, stale.metadata)).rejects.toMatchObject({ code: "conflict" });
  await expect(client.patch(configMaps, ref, { data: { "a/b": "1" } })).rejects.toMatchObject({
    code: "invalid",
    reason: "Invalid",
    causes: [{ reason: "FieldValueInvalid", field: "data[a/b]" }],
  });
  const huge = { data: { a: "x".repeat(4_000_000) } };
  await expect(client.patch(configMaps, ref, huge)).rejects.toMatchObject({ code: "too-large", status: 413 });
  await expect(client.get(configMaps, { ...ref, name: "absent" })).rejects.toThrow(
    '[not-found] get configmaps refusals/absent: configmaps "absent" not found (HTTP 404)',
  );
});

test("who may not, and who isn't known, is told so in the server's words", async () => {
  await using jane = connect(credentialsOf(controlPlane.user("jane")));
  await expect(jane.get(pods, { namespace: "default", name: "web" })).rejects.toThrow(
    '[forbidden] get pods default/web: pods "web" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "default" (HTTP 403)',
  );
  const stranger = { ...credentials, token: () => Promise.resolve("wrong") };
  await using unknown = connect(stranger);
  await expect(unknown.get(pods, { namespace: "default", name: "web" })).rejects.toThrow(
    "[unauthorized] get pods default/web: Unauthorized (HTTP 401)",
  );
});

test("a token that rotates is followed, by requests and by watches", async () => {
  let token = "rotated away";
  const rotating = {
    ...credentials,
    token: ({ fresh = false } = {}) => Promise.resolve((token = fresh ? controlPlane.token : token)),
  };
  await using reflection = reflect(rotating, { resource: namespaces });
  await eventually(() => stateOf(reflection.told)).toContain("default");
  expect(reflection.faults).toEqual([]);
});

test("without its authority, and without TLS, the message says what is wrong", async () => {
  await using untrusting = connect({ ...credentials, tls: () => Promise.resolve({ insecureSkipTLSVerify: false }) });
  await expect(untrusting.request({ path: "/version" })).rejects.toThrow(
    /^\[unavailable\] GET \/version: the server's certificate is not signed by the authority we trust/,
  );
  await using careless = connect({ ...credentials, tls: () => Promise.resolve({ insecureSkipTLSVerify: true }) });
  expect(await careless.request({ path: "/version" })).toMatchObject({ major: "1" });
  await using plain = connect({ ...credentials, server: credentials.server.replace("https:", "http:") });
  await expect(plain.request({ path: "/version" })).rejects.toThrow("Client sent an HTTP request to an HTTPS server");
});

test("metadataOnly leaves the rest out: of reads, of lists, of watches, and of what writes answer", async () => {
  await using work = await workplace("partial");
  const { client, namespace } = work;
  const ref = { namespace, name: "web" };
  const options = { metadataOnly: true };
  const partial = { kind: "PartialObjectMetadata", metadata: { name: "web" } };
  const answers = [
    await client.create(configMaps, work.configMap("web", { a: "1" }), options),
    await client.patch(configMaps, ref, { data: { a: "2" } }, options),
    await client.patch(configMaps, ref, { data: { a: "2" } }, options),
    await client.get(configMaps, ref, options),
  ];
  for await (const { items } of client.list(configMaps, { namespace, ...options })) answers.push(...items);
  expect(answers).toHaveLength(5);
  for (const answer of answers) {
    expect(answer).toMatchObject({ metadata: partial.metadata });
    expect(answer).not.toHaveProperty("data");
  }
  expect(answers.map(({ metadata }) => metadata.resourceVersion)[1]).toBe(answers[4]?.metadata.resourceVersion);

  const seen: KubernetesObject[] = [];
  const decode = (object: KubernetesObject) => `${seen.push(object)}`;
  await using reflection = reflect(credentials, { resource: configMaps, namespace, ...options, decode });
  await eventually(() => reflection.told.length).toBe(3);
  await client.patch(configMaps, ref, { data: { a: "3" } });
  await client.delete(configMaps, ref);
  await eventually(() => reflection.told.length).toBe(5);
  expect(seen.slice(1)).toMatchObject([partial, partial]);
  for (const object of seen) expect(object).not.toHaveProperty("data");
});

test("a watch sees what is created, changed and deleted, and of a selector what comes and goes", async () => {
  await using work = await workplace("watched");
  const { client, namespace } = work;
  await client.create(configMaps, { metadata: { namespace, name: "a", labels: { app: "web" } } });
  await using reflection = reflect(credentials, { resource: configMaps, namespace, labelSelector: "app=web" });
  await eventually(() => stateOf(reflection.told)).toEqual(["a"]);
  const before = reflection.told.length;

  const label = (app: string) => ({ metadata: { labels: { app } } });
  await client.create(configMaps, { metadata: { namespace, name: "b", labels: { app: "web" } } });
  await client.create(configMaps, work.configMap("c"));
  await client.patch(configMaps, { namespace, name: "a" }, label("db"));
  await client.patch(configMaps, { namespace, name: "a" }, label("web"));
  await client.delete(configMaps, { namespace, name: "b" });
  await eventually(() => reflection.told.slice(before)).toEqual(["apply b", "delete a", "apply a", "delete b"]);
  expect(reflection.faults).toEqual([]);
});

test("a resource that isn't served yet is told as soon as it is", async () => {
  const widgets: Resource = {
    group: "test.example",
    version: "v1",
    plural: "widgets",
    kind: "Widget",
    namespaced: true,
  };
  await using reflection = reflect(credentials, { resource: widgets, clock: hastyClock });
  await eventually(() => reflection.faults.length).toBeGreaterThan(2);
  expect(reflection.faults[0]).toMatchObject({ code: "not-found" });

  await using client = connect(credentials);
  const schema = { openAPIV3Schema: { type: "object" } };
  await client.create(customResourceDefinitions, {
    metadata: { name: "widgets.test.example" },
    spec: {
      group: "test.example",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget" },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  });
  await eventually(() => reflection.told.at(-1)).toMatch(/^initDone /);
  const widget = { apiVersion: "test.example/v1", kind: "Widget", metadata: { namespace: "default", name: "w" } };
  await client.create(widgets, widget);
  await eventually(() => stateOf(reflection.told)).toEqual(["w"]);
});

test("through restarts of the API server nothing is lost and nothing stays that was deleted", async () => {
  await using work = await workplace("restarts");
  const { client, namespace } = work;
  await using reflection = reflect(credentials, { resource: configMaps, namespace, clock: hastyClock });
  await eventually(() => reflection.told.length).toBe(2);

  // each name is created, changed and deleted until it holds, whatever the server does meanwhile
  const stubborn = async (call: () => Promise<unknown>): Promise<void> => {
    for (;;) {
      const code = await call().then(
        () => "done",
        (error: { readonly code: string }) => error.code,
      );
      if (code === "done" || code === "already-exists" || code === "not-found") return;
      await systemClock.sleep(20);
    }
  };
  const writing = forEach(400, async (index) => {
    const ref = { namespace, name: `item-${index}` };
    await stubborn(() => client.create(configMaps, work.configMap(ref.name)));
    await stubborn(() => client.patch(configMaps, ref, { data: { index: String(index) } }));
    if (index % 2 === 0) await stubborn(() => client.delete(configMaps, ref));
  });
  await eventually(() => reflection.told.length).toBeGreaterThan(50);
  await controlPlane.restartApiServer();
  await writing;

  const odd = Array.from({ length: 200 }, (_, index) => `item-${index * 2 + 1}`).toSorted();
  await eventually(() => stateOf(reflection.told)).toEqual(odd);
  expect(reflection.faults).not.toEqual([]);
});

test("a watch that was quiet while others wrote starts over when the server has forgotten, with what was deleted gone", async () => {
  await using work = await workplace("quiet");
  const { client, namespace } = work;
  for (const name of ["a", "b"]) await client.create(configMaps, work.configMap(name));
  await using reflection = reflect(credentials, { resource: configMaps, namespace, clock: hastyClock });
  await eventually(() => stateOf(reflection.told)).toEqual(["a", "b"]);

  await client.create(namespaces, { metadata: { name: "others" } });
  await controlPlane.restartApiServer();
  await eventually(() => reflection.relists).toEqual(["gone"]);
  await client.delete(configMaps, { namespace, name: "a" });
  await eventually(() => stateOf(reflection.told)).toEqual(["b"]);
});
