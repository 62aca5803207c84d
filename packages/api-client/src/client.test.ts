import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { eventually } from "../test/eventually.ts";
import { json, scriptedServer } from "../test/scripted-server.ts";
import { type ApiClient, connect } from "./client.ts";
import { message } from "./protobuf/message.ts";
import { configMaps, nodes } from "./resource.ts";

const ref = { namespace: "shop", name: "web" };
const path = "/api/v1/namespaces/shop/configmaps/web";
const partial = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const accept = "application/json";

/** The one request that a call makes, without the headers that all have. */
async function requestOf(call: (client: ApiClient) => Promise<unknown>) {
  await using server = await scriptedServer(json(200, { metadata: ref }));
  await using client = connect(server.credentials);
  const answer = await call(client);
  const { method, path: asked, query, headers, body } = server.requests[0] ?? expect.fail("nothing was asked");
  const type = headers["content-type"];
  return { answer, request: [method, asked, query, headers.accept, type, body === "" ? undefined : JSON.parse(body)] };
}

test("get", async () => {
  const { answer, request } = await requestOf((client) => client.get(configMaps, ref));
  expect(answer).toEqual({ metadata: ref });
  expect(request).toEqual(["GET", path, {}, accept, undefined, undefined]);
});

test("get of a subresource, metadata only", async () => {
  const status = { ...ref, subresource: "status" };
  const { request } = await requestOf((client) => client.get(configMaps, status, { metadataOnly: true }));
  expect(request).toEqual(["GET", `${path}/status`, {}, partial, undefined, undefined]);
});

test("create, into the object's namespace", async () => {
  const object = { metadata: ref, data: { a: "1" } };
  const options = { fieldManager: "mirror", metadataOnly: true };
  const { request } = await requestOf((client) => client.create(configMaps, object, options));
  const collection = "/api/v1/namespaces/shop/configmaps";
  expect(request).toEqual(["POST", collection, { fieldManager: "mirror" }, partial, "application/json", object]);
});

test("replace, of one version", async () => {
  const object = { metadata: { ...ref, resourceVersion: "7" }, data: { a: "1" } };
  const options = { fieldManager: "mirror", metadataOnly: true };
  const { request } = await requestOf((client) => client.replace(configMaps, object, options));
  expect(request).toEqual(["PUT", path, { fieldManager: "mirror" }, partial, "application/json", object]);
});

test("a server that takes no protobuf gets JSON, and from then on at once", async () => {
  const taken = json(200, { metadata: ref });
  await using server = await scriptedServer(json(415, {}), taken, taken, taken);
  await using client = connect(server.credentials);
  const wire = message({ 2: ["data", "texts"] });
  const object = { metadata: ref, data: { a: "1" } };
  await client.replace(configMaps, object, { wire });
  await client.create(configMaps, object, { wire });
  // what it thinks of others nobody knows yet
  await client.replace(nodes, { metadata: { name: "node-1" } }, { wire });
  const types = server.requests.map(({ method, headers }) => [method, headers["content-type"]]);
  const protobuf = "application/vnd.kubernetes.protobuf";
  expect(types).toEqual([
    ["PUT", protobuf],
    ["PUT", "application/json"],
    ["POST", "application/json"],
    ["PUT", protobuf],
  ]);
  expect(JSON.parse(server.requests[1]?.body ?? "")).toEqual(object);
});

test("what else a server says of a write in protobuf is its answer", async () => {
  await using server = await scriptedServer(json(409, { kind: "Status", code: 409, reason: "Conflict" }));
  await using client = connect(server.credentials);
  const write = client.replace(configMaps, { metadata: ref }, { wire: message({}) });
  await expect(write).rejects.toThrow("[conflict] replace configmaps shop/web");
  expect(server.requests).toHaveLength(1);
});

test.each([
  [undefined, "application/merge-patch+json"],
  ["merge", "application/merge-patch+json"],
  ["json", "application/json-patch+json"],
  ["strategic", "application/strategic-merge-patch+json"],
  ["apply", "application/apply-patch+yaml"],
] as const)("patch of type %s is sent as %s", async (type, contentType) => {
  const options = type === undefined ? {} : { type };
  const { request } = await requestOf((client) => client.patch(configMaps, ref, { data: { a: "2" } }, options));
  expect(request).toEqual(["PATCH", path, {}, accept, contentType, { data: { a: "2" } }]);
});

test("apply, by force", async () => {
  const options = { type: "apply", fieldManager: "mirror", force: true, metadataOnly: true } as const;
  const { request } = await requestOf((client) => client.patch(configMaps, ref, {}, options));
  expect(request.slice(2, 4)).toEqual([{ fieldManager: "mirror", force: "true" }, partial]);
});

test("delete, with preconditions", async () => {
  const options = { uid: "u-1", resourceVersion: "7", propagationPolicy: "Background" } as const;
  const { request } = await requestOf((client) => client.delete(configMaps, ref, options));
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    preconditions: { uid: "u-1", resourceVersion: "7" },
    propagationPolicy: "Background",
  };
  expect(request).toEqual(["DELETE", path, {}, accept, "application/json", body]);
});

test("an answer that is no object is an error that names what was asked for", async () => {
  await using server = await scriptedServer(json(200, []), json(200, { metadata: null }));
  await using client = connect(server.credentials);
  const message = "[unknown] get nodes node-1: the answer is no Kubernetes object";
  await expect(client.get(nodes, { name: "node-1" })).rejects.toThrow(message);
  await expect(client.get(nodes, { name: "node-1" })).rejects.toThrow(message);
});

test("errors name verb, resource, namespace and name", async () => {
  const status = { kind: "Status", code: 409, reason: "Conflict", message: "the object has been modified" };
  const replies = [1, 2, 3, 4, 5].map(() => json(409, status));
  await using server = await scriptedServer(...replies);
  await using client = connect(server.credentials);
  const object = { metadata: { namespace: "shop", generateName: "web-" } };
  const said = (action: string) => `[conflict] ${action}: the object has been modified (HTTP 409)`;
  await expect(client.patch(configMaps, ref, {})).rejects.toThrow(said("patch configmaps shop/web"));
  await expect(client.delete(configMaps, ref)).rejects.toThrow(said("delete configmaps shop/web"));
  await expect(client.create(configMaps, object)).rejects.toThrow(said("create configmaps shop/web-"));
  await expect(client.get(configMaps, { ...ref, subresource: "status" })).rejects.toThrow(
    said("get configmaps/status shop/web"),
  );
  await expect(client.request({ path: "/healthz" })).rejects.toThrow(said("GET /healthz"));
});

test("what can't be a path of the API rejects, and asks the server nothing", async () => {
  await using server = await scriptedServer();
  await using client = connect(server.credentials);
  const bad = { namespace: "shop", name: ".." };
  await expect(client.get(configMaps, bad)).rejects.toThrow(TypeError);
  await expect(client.patch(configMaps, bad, {})).rejects.toThrow(TypeError);
  await expect(client.delete(configMaps, bad)).rejects.toThrow(TypeError);
  await expect(client.replace(configMaps, { metadata: bad })).rejects.toThrow(TypeError);
  await expect(client.replace(configMaps, { metadata: { namespace: "shop" } })).rejects.toThrow(
    "ConfigMap needs a metadata.name",
  );
  await expect(client.create(configMaps, { metadata: { name: "web" } })).rejects.toThrow(
    "ConfigMap web needs a metadata.namespace",
  );
  const options = { namespace: "shop", decode: String, signal: AbortSignal.abort() };
  await expect(client.watch(nodes, options)[Symbol.asyncIterator]().next()).rejects.toThrow("nodes have no namespace");
  expect(server.requests).toEqual([]);
});

test("two hundred requests leave nothing on a signal that lives as long as the process", async () => {
  const replies = Array.from({ length: 200 }, (_, index) => json(index % 5 === 0 ? 404 : 200, { metadata: ref }));
  await using server = await scriptedServer(...replies);
  await using client = connect(server.credentials);
  const { signal } = new AbortController();
  for (let i = 0; i < replies.length; i++) await client.get(configMaps, ref, { signal }).catch(() => {});
  expect(server.requests).toHaveLength(200);
  await eventually(() => getEventListeners(signal, "abort")).toEqual([]);
});
