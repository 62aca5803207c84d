import { env } from "node:process";
import { type ControlPlane, startControlPlane } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { metadataMirror } from "../src/metadata-mirror.ts";
import { type Answer, type CrdCondition, installCrds, send } from "./api-server.ts";

let controlPlane: ControlPlane;
let conditions: readonly (readonly CrdCondition[])[];

beforeAll(async () => {
  controlPlane = await startControlPlane({ env });
  conditions = await installCrds(controlPlane);
}, 600_000);

afterAll(() => controlPlane?.[Symbol.asyncDispose]());

const mirrors = "/apis/metadatamirror.dev/v1alpha1/namespaces/default/metadatamirrors";

/** Asks for a mirror, as kubectl does: unknown fields are an error. Nothing is stored but where `dryRun` is false. */
function create(spec: object, metadata: object = { generateName: "mirror-" }, dryRun = true): Promise<Answer> {
  const query = `fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
  const body = { apiVersion: "metadatamirror.dev/v1alpha1", kind: "MetadataMirror", metadata, spec };
  return send(controlPlane, "POST", `${mirrors}?${query}`, body);
}

const item = (fieldPath: string, path = "x") => ({ path, fieldRef: { fieldPath } });
const resource = (of: string, divisor?: string | number) => ({
  path: "x",
  resourceFieldRef: { containerName: "main", resource: of, ...(divisor !== undefined && { divisor }) },
});
const peers = { selector: { matchLabels: { app: "web" } } };
const items = [item("status.podIP", "podIP")];
const withItems = (...some: object[]) => ({ peers, items: some });
const withSelector = (selector: object) => ({ peers: { selector }, items });
const withPeers = (some: object) => ({ peers: { ...peers, ...some }, items });
const withOutput = (output: object) => ({ peers, items, output });
const withFormat = (...formats: object[]) => withOutput({ formats });
const withKey = (key: string) => withFormat({ type: "JSON", key });

test("the CRDs are established, and their schemas are structural", () => {
  for (const some of conditions) {
    expect(some.find(({ type }) => type === "Established")).toMatchObject({ status: "True" });
    expect(some.find(({ type }) => type === "NamesAccepted")).toMatchObject({ status: "True" });
    expect(some.find(({ type }) => type === "NonStructuralSchema")).toBeUndefined();
  }
});

describe("the API server takes", () => {
  test("the whole example of the documentation, as it is", async () => {
    const spec = {
      peers: { selector: { matchLabels: { app: "web" } }, include: "Running", namespaces: ["shop", "shop-eu"] },
      items: [
        item("metadata.name", "podName"),
        item("status.podIP", "podIP"),
        item("metadata.labels", "labels"),
        { path: "cpu", resourceFieldRef: { containerName: "main", resource: "requests.cpu", divisor: "1m" } },
      ],
      output: {
        configMapName: "web-peers",
        peersPerShard: 100,
        maxShardSize: "256Ki",
        maxShards: 64,
        formats: [
          { type: "Files" },
          { type: "JSON", key: "peers.json" },
          { type: "Hosts", key: "hosts" },
          { type: "PrometheusFileSD", key: "targets.json", prometheusFileSD: { port: 9090 } },
          { type: "Template", key: "haproxy.cfg", template: { source: "{% for p in peers %}{% endfor %}" } },
        ],
      },
      consumers: { refreshPolicy: "Immediate" },
    };
    const { status, body } = await create(spec);
    expect([status, body.message]).toEqual([201, undefined]);
    expect(body.spec).toEqual(spec);
  });

  test("who and what alone, with the defaults that the model reads too", async () => {
    const { status, body } = await create(withItems(...items, resource("limits.cpu")), { name: "web-peers" });
    expect([status, body.message]).toEqual([201, undefined]);
    expect(body.spec).toEqual({
      peers: { ...peers, include: "Running" },
      items: [...items, resource("limits.cpu", "0")],
      output: { peersPerShard: 100, maxShardSize: "256Ki", maxShards: 64, formats: [{ type: "Files" }] },
      consumers: { refreshPolicy: "KubeletSync" },
    });
    expect(metadataMirror(body)).toMatchObject({ namespace: "default", spec: body.spec, problem: undefined });
  });

  test.each([
    ["every pod", withSelector({})],
    [
      "the item of a downwardAPI volume of a live pod",
      withItems({ path: "x", fieldRef: { apiVersion: "v1", fieldPath: "metadata.uid" } }),
    ],
    ["a label with a prefix", withItems(item("metadata.labels['app.kubernetes.io/name']"))],
    ["an annotation whose prefix has capitals", withItems(item("metadata.annotations['Example.COM/x']"))],
    [
      "last-applied-configuration by its name",
      withItems(item("metadata.annotations['kubectl.kubernetes.io/last-applied-configuration']")),
    ],
    ["readiness", withItems(item("status.conditions['Ready']"))],
    ["divisors as numbers", withItems(resource("limits.cpu", 1))],
    ["divisors of memory", withItems(resource("limits.memory", "1Mi"))],
    ["huge pages", withItems(resource("requests.hugepages-2Mi", "1Ki"))],
    ["a size of a shard as a number", withOutput({ maxShardSize: 65536 })],
    ["the least size of a shard", withOutput({ maxShardSize: "4Ki" })],
    ["the greatest size of a shard", withOutput({ maxShardSize: "1048576" })],
    [
      "keys with digits that are no shard's",
      withFormat({ type: "JSON", key: "v2.json" }, { type: "JSON", key: "a-1b.json" }),
    ],
  ])("%s", async (_, spec) => {
    const { status, body } = await create(spec);
    expect([status, body.message]).toEqual([201, undefined]);
  });
});

describe("the API server refuses, and names the field:", () => {
  test.each<[string, object, ...(string | RegExp)[]]>([
    ["no selector", { peers: {}, items }, "spec.peers.selector: Required value"],
    ["no items", { peers }, "spec.items: Required value"],
    ["an empty list of items", withItems(), "spec.items: Invalid value"],
    [
      "an unknown field path",
      withItems(item("spec.host")),
      "spec.items[0].fieldRef.fieldPath",
      "unsupported field path: give one of metadata.name, ",
    ],
    ["a label that can't be one", withItems(item("metadata.labels['a b']")), "spec.items[0].fieldRef.fieldPath"],
    [
      "a label with capitals in its prefix",
      withItems(item("metadata.labels['Example.COM/x']")),
      "spec.items[0].fieldRef.fieldPath",
    ],
    [
      "an annotation of ours",
      withItems(item("metadata.annotations['metadatamirror.dev/revision']")),
      "spec.items[0].fieldRef.fieldPath",
      "are never mirrored",
    ],
    [
      "another condition than Ready",
      withItems(item("status.conditions['Initialized']")),
      "spec.items[0].fieldRef.fieldPath",
    ],
    [
      "both references",
      withItems({ ...item("metadata.name"), ...resource("limits.cpu") }),
      "spec.items[0]: Invalid value",
      "exactly one of fieldRef and resourceFieldRef must be set",
    ],
    [
      "neither reference",
      withItems({ path: "x" }),
      "spec.items[0]: Invalid value",
      "exactly one of fieldRef and resourceFieldRef must be set",
    ],
    ["a path with a slash", withItems(item("metadata.name", "a/b")), "spec.items[0].path: Invalid value"],
    ["a path with an underscore first", withItems(item("metadata.name", "_a")), "spec.items[0].path: Invalid value"],
    ["a path of two dots", withItems(item("metadata.name", "..")), "spec.items[0].path: Invalid value"],
    [
      "a path twice",
      withItems(item("metadata.name"), item("metadata.uid")),
      'spec.items[1]: Duplicate value: {"path":"x"}',
    ],
    [
      "another apiVersion",
      withItems({ path: "x", fieldRef: { apiVersion: "v2", fieldPath: "metadata.uid" } }),
      "spec.items[0].fieldRef.apiVersion: Unsupported value",
    ],
    [
      "a resource that isn't mirrored",
      withItems(resource("limits.nvidia.com/gpu")),
      "spec.items[0].resourceFieldRef.resource: Invalid value",
    ],
    [
      "no container",
      withItems({ path: "x", resourceFieldRef: { resource: "limits.cpu" } }),
      "spec.items[0].resourceFieldRef.containerName: Required value",
    ],
    [
      "a divisor of memory for cpu",
      withItems(resource("limits.cpu", "1Mi")),
      "spec.items[0].resourceFieldRef.divisor",
      "divisor must be 1 or 1m with cpu",
    ],
    [
      "a divisor of cpu for memory",
      withItems(resource("limits.memory", "1m")),
      "spec.items[0].resourceFieldRef.divisor",
      "one of 1, 1k, 1M",
    ],
    ["a divisor off the list", withItems(resource("limits.memory", 2)), "spec.items[0].resourceFieldRef.divisor"],
    [
      "an unknown operator",
      withSelector({ matchExpressions: [{ key: "app", operator: "Gt", values: ["1"] }] }),
      "spec.peers.selector.matchExpressions[0].operator: Unsupported value",
    ],
    [
      "a key that can't be a label",
      withSelector({ matchExpressions: [{ key: "a b", operator: "Exists" }] }),
      "spec.peers.selector.matchExpressions[0].key",
      "must be a qualified name",
    ],
    [
      "a label that can't be one, to match",
      withSelector({ matchLabels: { "a b": "x" } }),
      "spec.peers.selector.matchLabels",
      "label keys must be qualified names",
    ],
    [
      "a value that can't be a label's",
      withSelector({ matchLabels: { app: "a b" } }),
      "spec.peers.selector.matchLabels.app: Invalid value",
    ],
    [
      "In without values",
      withSelector({ matchExpressions: [{ key: "app", operator: "In" }] }),
      "spec.peers.selector.matchExpressions[0].values",
      "values is required with In and NotIn",
    ],
    [
      "Exists with values",
      withSelector({ matchExpressions: [{ key: "app", operator: "Exists", values: ["x"] }] }),
      "spec.peers.selector.matchExpressions[0].values",
      "forbidden with Exists",
    ],
    ["an unknown filter", withPeers({ include: "Alive" }), "spec.peers.include: Unsupported value"],
    ["no namespaces", withPeers({ namespaces: [] }), "spec.peers.namespaces: Invalid value"],
    ["a namespace twice", withPeers({ namespaces: ["a", "b", "a"] }), 'spec.peers.namespaces[2]: Duplicate value: "a"'],
    ["what is no namespace", withPeers({ namespaces: ["*"] }), "spec.peers.namespaces[0]: Invalid value"],
    [
      "a ConfigMap's name that can't be one",
      withOutput({ configMapName: "Web_Peers" }),
      "spec.output.configMapName",
      "must be a DNS subdomain",
    ],
    [
      "too small a shard",
      withOutput({ maxShardSize: "4095" }),
      "spec.output.maxShardSize",
      "must be a quantity of 4Ki to 1Mi",
    ],
    [
      "too large a shard",
      withOutput({ maxShardSize: "1025Ki" }),
      "spec.output.maxShardSize",
      "must be a quantity of 4Ki to 1Mi",
    ],
    [
      "a size that is no quantity",
      withOutput({ maxShardSize: "big" }),
      "spec.output.maxShardSize",
      "must be a quantity of 4Ki to 1Mi",
    ],
    ["no peers in a shard", withOutput({ peersPerShard: 0 }), "spec.output.peersPerShard: Invalid value"],
    ["too many shards", withOutput({ maxShards: 257 }), "spec.output.maxShards: Invalid value"],
    ["no format", withFormat(), "spec.output.formats: Invalid value"],
    ["an unknown format", withFormat({ type: "Env", key: "env" }), "spec.output.formats[0].type: Unsupported value"],
    [
      "Files twice",
      withFormat({ type: "Files" }, { type: "Files" }),
      "spec.output.formats: Invalid value",
      "Files may be given once",
    ],
    [
      "Files with a key",
      withFormat({ type: "Files", key: "files" }),
      "spec.output.formats[0].key",
      "except with Files, where it is forbidden",
    ],
    ["JSON without a key", withFormat({ type: "JSON" }), "spec.output.formats[0].key", "key is required"],
    [
      "a key twice",
      withFormat({ type: "JSON", key: "a" }, { type: "Hosts", key: "a" }),
      "spec.output.formats: Invalid value",
      "keys must be unique",
    ],
    [
      "a key that a shard of another would have",
      withKey("peers-1.json"),
      "spec.output.formats[0].key",
      "that is how the keys of further shards end",
    ],
    [
      "such a key without an extension",
      withKey("hosts-1"),
      "spec.output.formats[0].key",
      "that is how the keys of further shards end",
    ],
    ["a key that a file would have", withKey("web-1_podIP"), "spec.output.formats[0].key: Invalid value"],
    [
      "PrometheusFileSD without a port",
      withFormat({ type: "PrometheusFileSD", key: "a" }),
      "spec.output.formats[0].prometheusFileSD",
      "prometheusFileSD is required with PrometheusFileSD",
    ],
    [
      "a port that is none",
      withFormat({ type: "PrometheusFileSD", key: "a", prometheusFileSD: { port: 0 } }),
      "spec.output.formats[0].prometheusFileSD.port: Invalid value",
    ],
    [
      "a port for JSON",
      withFormat({ type: "JSON", key: "a", prometheusFileSD: { port: 1 } }),
      "spec.output.formats[0].prometheusFileSD",
      "forbidden otherwise",
    ],
    [
      "Template without a source",
      withFormat({ type: "Template", key: "a" }),
      "spec.output.formats[0].template",
      "template is required with Template",
    ],
    [
      "an unknown policy",
      { peers, items, consumers: { refreshPolicy: "Soon" } },
      "spec.consumers.refreshPolicy: Unsupported value",
    ],
    ["a field that isn't there", { peers, items, fields: [] }, 'unknown field "spec.fields"'],
  ])("%s", async (_, spec, ...messages) => {
    const { status, body } = await create(spec);
    expect([400, 422], body.message).toContain(status);
    for (const message of messages) expect(body.message).toMatch(message);
  });

  test("a name that is no label value", async () => {
    const { status, body } = await create({ peers, items }, { name: "a".repeat(64) });
    expect([status, body.message]).toEqual([
      422,
      expect.stringContaining("metadata.name must be at most 63 characters"),
    ]);
  });
});

describe("the name of the ConfigMap stays what it was:", () => {
  test.each<[string, object, object]>([
    ["it isn't changed", { configMapName: "a" }, { configMapName: "b" }],
    ["it isn't added", {}, { configMapName: "b" }],
    ["it isn't taken away", { configMapName: "a" }, {}],
  ])("%s", async (_, before, after) => {
    const created = await create(withOutput(before), { generateName: "immutable-" }, false);
    expect([created.status, created.body.message]).toEqual([201, undefined]);
    const update = (output: object) =>
      send(controlPlane, "PUT", `${mirrors}/${created.body.metadata?.name ?? ""}`, {
        ...created.body,
        spec: { ...withOutput(output) },
      });
    const { status, body } = await update(after);
    expect(status).toBe(422);
    expect(body.message).toMatch(/spec\.output\.configMapName: Invalid value: .*is immutable/);
    expect((await update({ ...before, maxShards: 3 })).status).toBe(200);
  });
});
