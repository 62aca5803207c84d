import { env } from "node:process";
import { type ControlPlane, startControlPlane } from "@metadata-mirror/control-plane";
import { beforeAll, describe, expect, test } from "vitest";
import { parseFieldPath } from "../src/field-path.ts";
import { metadataGrant } from "../src/metadata-grant.ts";
import { metadataMirror } from "../src/metadata-mirror.ts";
import { isProblem } from "../src/problem.ts";
import { cpuDivisors, wholeDivisors } from "../src/resource-field.ts";
import { type Answer, type CrdCondition, installCrds, send } from "./api-server.ts";
import { item, items, peers, resource, withFormat, withItems, withOutput, withSelector } from "./mirror-specs.ts";
import { refusedGrants, rightGrant } from "./refused-grants.ts";
import { refusedMirrors } from "./refused-mirrors.ts";

let controlPlane: ControlPlane;
let conditions: readonly (readonly CrdCondition[])[];

beforeAll(async () => {
  controlPlane = await startControlPlane({ env });
  conditions = await installCrds(controlPlane);
  return () => controlPlane[Symbol.asyncDispose]();
});

const namespace = "/apis/metadatamirror.dev/v1alpha1/namespaces/default";

/** Asks for an object, as kubectl does: unknown fields are an error. Nothing is stored but where `dryRun` is false. */
function create(kind: "MetadataMirror" | "MetadataGrant", spec: object, metadata: object = {}, dryRun = true) {
  const query = `fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
  const named = { generateName: "test-", ...metadata };
  const body = { apiVersion: "metadatamirror.dev/v1alpha1", kind, metadata: named, spec };
  return send(controlPlane, "POST", `${namespace}/${kind.toLowerCase()}s?${query}`, body);
}

const mirror = (spec: object, metadata?: object, dryRun?: boolean) => create("MetadataMirror", spec, metadata, dryRun);

function expectCreated({ status, body }: Answer): void {
  expect([status, body.message]).toEqual([201, undefined]);
}

function expectRefused({ status, body }: Answer, messages: readonly string[]): void {
  expect([400, 422], body.message).toContain(status);
  for (const message of messages) expect(body.message).toContain(message);
}

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
          { type: "Env", key: "peers.env" },
          { type: "Template", key: "haproxy.cfg", template: { source: "{% for p in peers %}{% endfor %}" } },
        ],
      },
      consumers: { refreshPolicy: "Immediate" },
    };
    const created = await mirror(spec);
    expectCreated(created);
    expect(created.body.spec).toEqual(spec);
  });

  test("who and what alone, with the defaults that the model reads too", async () => {
    const created = await mirror(withItems(...items, resource("limits.cpu")), { name: "web-peers" });
    expectCreated(created);
    expect(created.body.spec).toEqual({
      peers: { ...peers, include: "Running" },
      items: [...items, resource("limits.cpu", "0")],
      output: { peersPerShard: 100, maxShardSize: "256Ki", maxShards: 64, formats: [{ type: "Files" }] },
      consumers: { refreshPolicy: "KubeletSync" },
    });
    const { spec } = created.body;
    expect(metadataMirror(created.body)).toMatchObject({ namespace: "default", spec, problem: undefined, status: {} });
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
    ["a divisor as a number", withItems(resource("limits.cpu", 1))],
    ["every divisor of cpu", withItems(...cpuDivisors.map((one) => resource("limits.cpu", one, `x${one}`)))],
    ["every divisor of memory", withItems(...wholeDivisors.map((one) => resource("limits.memory", one, `x${one}`)))],
    ["huge pages", withItems(resource("requests.hugepages-2Mi", "1Ki"))],
    ["a size of a shard as a number", withOutput({ maxShardSize: 65536 })],
    ["the least size of a shard", withOutput({ maxShardSize: "4Ki" })],
    ["the greatest size of a shard", withOutput({ maxShardSize: "1048576" })],
    [
      "keys with digits that are no shard's",
      withFormat({ type: "JSON", key: "v2.json" }, { type: "JSON", key: "a-1b.json" }),
    ],
  ])("%s", async (_, spec) => {
    expectCreated(await mirror(spec));
  });

  test("a grant, which the model reads as it is", async () => {
    const created = await create("MetadataGrant", rightGrant, { name: "to-shop" });
    expectCreated(created);
    expect(metadataGrant(created.body)).toEqual({ name: "to-shop", namespace: "default", spec: rightGrant });
  });
});

describe("the API server refuses, and names the field:", () => {
  test.for(refusedMirrors)("of a mirror, %s", async ([, spec, ...messages]) => {
    expectRefused(await mirror(spec), messages);
  });

  test.for(refusedGrants)("of a grant, %s", async ([, spec, ...messages]) => {
    expectRefused(await create("MetadataGrant", spec), messages);
  });

  test("of a mirror, a name that is no label value", async () => {
    const name = "a".repeat(64);
    expectRefused(await mirror({ peers, items }, { name }), ["metadata.name must be at most 63 characters"]);
  });
});

test.each([
  "metadata.uid",
  "metadata.uid ",
  "metadata",
  "",
  "metadata.labels[app]",
  "metadata.labels['']",
  "metadata.labels['a']x",
  "metadata.labels['a'b']",
  "metadata.labels['a/b/c']",
  "metadata.labels['A/b']",
  "metadata.annotations['A/b']",
  "metadata.annotations['metadatamirror.dev']",
  "metadata.annotations['metadatamirror.dev/x']",
  "metadata.annotations['MetadataMirror.dev/x']",
  "metadata.labels['metadatamirror.dev/x']",
  `metadata.labels['${"a".repeat(63)}']`,
  `metadata.labels['${"a".repeat(64)}']`,
  `metadata.labels['${"a".repeat(253)}/${"b".repeat(63)}']`,
  "metadata.labels['a']\n",
])("the API server and the model agree whether %j is a field path", async (path) => {
  const { status, body } = await mirror(withItems(item(path)));
  expect(status, body.message).toBe(isProblem(parseFieldPath(path)) ? 422 : 201);
});

describe("the name of the ConfigMap stays what it was:", () => {
  test.each<[string, object, object]>([
    ["it isn't changed", { configMapName: "a" }, { configMapName: "b" }],
    ["it isn't added", {}, { configMapName: "b" }],
    ["it isn't taken away", { configMapName: "a" }, {}],
  ])("%s", async (_, before, after) => {
    const { body: created } = await mirror(withOutput(before), {}, false);
    const update = (output: object) =>
      send(controlPlane, "PUT", `${namespace}/metadatamirrors/${created.metadata?.name ?? ""}`, {
        ...created,
        spec: withOutput(output),
      });
    expectRefused(await update(after), ["spec.output.configMapName: Invalid value", "is immutable"]);
    expect((await update({ ...before, maxShards: 3 })).status).toBe(200);
  });
});
