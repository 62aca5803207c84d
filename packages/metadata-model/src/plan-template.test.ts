import { describe, expect, test } from "vitest";
import { apply, type Stored, states } from "../test/fake-api-server.ts";
import { digest, grant, mirror, pod, world } from "../test/objects.ts";
import { planner } from "./plan.ts";
import type { World } from "./world.ts";

const nobody: Stored = new Map();
const good = "{% for p in peers %}{{ p.name }}={{ p.ip }};{% endfor %}";
const bad = "{{ 1 | nosuchfilter }}";
const items = [
  { path: "name", fieldRef: { fieldPath: "metadata.name" } },
  { path: "ip", fieldRef: { fieldPath: "status.podIP" } },
];

/** The mirror with a template of this source beside files, but for what `spec` says. */
function templated(source: string, spec: Parameters<typeof mirror>[0] = {}) {
  const formats = [{ type: "Files" as const }, { type: "Template" as const, key: "all.cfg", template: { source } }];
  return mirror({ items, output: { formats, peersPerShard: 2, maxShardSize: "8Ki", ...spec.output }, ...spec });
}
type Mirror = ReturnType<typeof mirror>;

const planOf = (of: Mirror, fields: Partial<World>, stored = nobody) =>
  planner(of, digest)(world({ ...fields, existing: states(stored) }));
const pass = (of: Mirror, fields: Partial<World>, stored = nobody) => apply(planOf(of, fields, stored), stored);
const document = (stored: Stored, name = "web-peers") => stored.get(name)?.data?.["all.cfg"];
const complete = (of: Mirror, fields: Partial<World>, stored = nobody) =>
  planOf(of, fields, stored).status.findings.find(({ type }) => type === "Complete");

const three = ["web-1", "web-2", "web-3"].map((name, index) => pod({ name, podIP: `10.0.0.${index + 1}` }));
const all = "web-1=10.0.0.1;web-2=10.0.0.2;web-3=10.0.0.3;";

test("a template is rendered over the peers of all shards, in their order, and the first shard alone holds it", () => {
  const stored = pass(templated(good), { pods: three.toReversed() });
  expect([...stored.keys()]).toEqual(["web-peers", "web-peers-1"]);
  expect(document(stored)).toBe(all);
  expect(document(stored, "web-peers-1")).toBeUndefined();
});

test("a change of a peer of another shard rewrites the document, and a change that it doesn't show does not", () => {
  const of = templated("{% for p in peers %}{{ p.name }} {% endfor %}");
  const stored = pass(of, { pods: three });
  const [, , third] = three;
  const moved = [...three.slice(0, 2), pod({ ...third, podIP: "10.9.9.9" })];
  expect(planOf(of, { pods: moved }, stored).patch.map(({ name }) => name)).toEqual(["web-peers-1"]);
  const gone = planOf(of, { pods: three.slice(0, 2) }, stored);
  expect(document(apply(gone, stored))).toBe("web-1 web-2 ");
});

test("with templates alone there is one ConfigMap, however many peers, and no ids of peers in it", () => {
  const formats = [{ type: "Template" as const, key: "all.cfg", template: { source: good } }];
  const stored = pass(mirror({ items, output: { formats, peersPerShard: 1, maxShards: 1 } }), { pods: three });
  expect([...stored.keys()]).toEqual(["web-peers"]);
  expect(stored.get("web-peers")?.metadata.annotations).toEqual({
    "metadatamirror.dev/placement": "",
    "metadatamirror.dev/own-documents": "all.cfg",
  });
  expect(document(stored)).toBe(all);
});

describe("a template that fails", () => {
  test("leaves what its key held, the other keys follow, and the condition says where it fails", () => {
    const before = pass(templated(good), { pods: three });
    const pods = [...three, pod({ name: "web-4" })];
    const after = pass(templated(bad), { pods }, before);
    expect(document(after)).toBe(all);
    expect([...after.values()].flatMap(({ data = {} }) => Object.keys(data))).toContain("web-4_ip");
    const finding = complete(templated(bad), { pods }, before);
    expect(finding).toMatchObject({ status: "False", reason: "TemplateError" });
    expect(finding?.message).toMatch(/^document all\.cfg: .*line 1.*; what it last held stays$/);
  });

  test("asks for no write while nothing else changes", () => {
    const before = pass(templated(good), { pods: three });
    const after = pass(templated(bad), { pods: three }, before);
    expect(after).toEqual(before);
  });

  test("has no key where there never was a good one, and is written once it is mended", () => {
    const before = pass(templated(bad), { pods: three });
    expect(before.get("web-peers")?.data).not.toHaveProperty(["all.cfg"]);
    expect(document(pass(templated(good), { pods: three }, before))).toBe(all);
  });

  test("leaves the last one the room that it takes", () => {
    const note = "x".repeat(2000);
    const output = { maxShardSize: "8Ki", peersPerShard: 100 };
    const wide = `${good}${"y".repeat(6000)}`;
    const noted = three.map((one) => pod({ ...one, annotations: { note } }));
    const of = (source: string) =>
      templated(source, {
        items: [{ path: "note", fieldRef: { fieldPath: "metadata.annotations['note']" } }],
        output: { ...templated(source).spec.output, ...output },
      });
    const before = pass(of(wide), { pods: noted });
    const after = pass(of(bad), { pods: [...noted, pod({ name: "web-0", annotations: { note } })] }, before);
    const sizes = [...after.values()].map(({ data = {} }) =>
      Object.entries(data).reduce((sum, [key, value]) => sum + 2 * key.length + Buffer.byteLength(value), 0),
    );
    for (const size of sizes) expect(size).toBeLessThanOrEqual(8192);
    expect(document(after)).toBe(document(before));
  });

  test("goes where the mirror names other namespaces, since it may show what is no longer granted", () => {
    const peers = { selector: {}, namespaces: ["shop", "shop-eu"] };
    const fields = {
      pods: [...three, pod({ name: "eu-1", namespace: "shop-eu" })],
      grants: [grant(["metadata.name", "status.phase", "status.podIP"])],
    };
    const before = pass(templated(good, { peers }), fields);
    expect(document(before)).toContain("eu-1=");
    expect(document(pass(templated(bad, { peers }), fields, before))).toBeUndefined();
    expect(complete(templated(bad, { peers }), fields, before)?.message).toContain("it is left out");
  });
});

test("what stood under the key of a failing template is taken away where it may show peers of another namespace", () => {
  const peers = { selector: {}, namespaces: ["shop", "shop-eu"] };
  const fields = {
    pods: [...three, pod({ name: "eu-1", namespace: "shop-eu" })],
    grants: [grant(["metadata.name", "status.phase", "status.podIP"])],
  };
  const json = mirror({ items, peers, output: { formats: [{ type: "JSON", key: "all.cfg" }] } });
  for (const earlier of [templated(good, { peers }), json]) {
    const before = pass(earlier, fields);
    expect(document(before)).toContain("eu-1");
    const after = pass(templated(bad), { pods: three }, before);
    expect(document(after)).toBeUndefined();
    expect(document(pass(templated(good), { pods: three }, after))).toBe(all);
  }
});

test("a document that is too large for a shard is told, and the peers are written", () => {
  const of = templated(`${good}${"x".repeat(9000)}`);
  const stored = pass(of, { pods: three });
  expect(document(stored)).toBeUndefined();
  expect([...stored.values()].flatMap(({ data = {} }) => Object.keys(data))).toContain("web-3_ip");
  expect(complete(of, { pods: three })).toMatchObject({ status: "False", reason: "TemplateTooLarge" });
});
