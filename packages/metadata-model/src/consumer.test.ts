import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Consumer, consumerOf, usesConfigMaps } from "./consumer.ts";

const identity = { namespace: "shop", name: "web-0", uid: "0d7c" };
const volume = (name: string, configMap: object) => ({ name, configMap });
const whole = (name: string) => ({ name, mountPath: `/${name}` });

/** The consumer of a bound, running pod with this spec, whose container mounts as told. */
function consumer(volumes: readonly object[], volumeMounts: readonly object[] = [], spec: object = {}): Consumer {
  const containers = [{ name: "main", volumeMounts }];
  return consumerOf({
    metadata: identity,
    spec: { nodeName: "node-1", containers, volumes, ...spec },
    status: { phase: "Running" },
  });
}

const all = (...names: string[]) => names.map((configMap) => ({ configMap, keys: undefined }));

describe("the ConfigMaps whose files follow are those of volumes that a container mounts as a directory", () => {
  test("plain volumes and the sources of projected ones, optional or not, each once, by name", () => {
    const projected = {
      name: "p",
      projected: {
        sources: [
          { configMap: { name: "b", optional: true } },
          { secret: { name: "s" } },
          { configMap: { name: "a" } },
        ],
      },
    };
    const { mounts } = consumer([volume("v", { name: "b" }), projected], [whole("p"), whole("v")]);
    expect(mounts).toEqual(all("a", "b"));
  });

  test("with the keys that items picks, of all its mounts; all keys where one of them has all", () => {
    const items = (...keys: string[]) => ({ items: keys.map((key) => ({ key, path: `${key}.txt` })) });
    const picks = [volume("v", { name: "a", ...items("y", "x") }), volume("w", { name: "a", ...items("z", "x") })];
    expect(consumer(picks, [whole("v"), whole("w")]).mounts).toEqual([{ configMap: "a", keys: ["x", "y", "z"] }]);
    expect(consumer(picks, [whole("v")]).mounts).toEqual([{ configMap: "a", keys: ["x", "y"] }]);
    const rest = volume("u", { name: "a", items: [] });
    expect(consumer([...picks, rest], [whole("v"), whole("u")]).mounts).toEqual(all("a"));
  });

  test.each(["initContainers", "ephemeralContainers"])("mounted by one of %s", (kind) => {
    const { mounts } = consumer([volume("v", { name: "a" })], [], { [kind]: [{ volumeMounts: [whole("v")] }] });
    expect(mounts).toEqual(all("a"));
  });

  test("not one that no container mounts, though the pod refers to it", () => {
    const { mounts, references } = consumer([volume("v", { name: "a" })], [whole("another")]);
    expect({ mounts, references }).toEqual({ mounts: [], references: ["a"] });
  });

  test("not the cluster's CA, which every pod has", () => {
    const root = volume("v", { name: "kube-root-ca.crt" });
    const env = [{ valueFrom: { configMapKeyRef: { name: "kube-root-ca.crt", key: "ca.crt" } } }];
    expect(usesConfigMaps(consumer([root], [], { containers: [{ volumeMounts: [whole("v")], env }] }))).toBe(false);
  });
});

describe("what never follows is told apart", () => {
  const mount = volume("v", { name: "a" });

  test.each([
    ["subPath", { ...whole("v"), subPath: "x" }],
    ["subPathExpr", { ...whole("v"), subPathExpr: "$(X)" }],
  ])("a mount of a %s", (_, path) => {
    expect(consumer([mount], [path])).toMatchObject({ mounts: [], fixed: [{ configMap: "a", ways: ["subPath"] }] });
  });

  test("an empty subPath is none", () => {
    expect(consumer([mount], [{ ...whole("v"), subPath: "" }])).toMatchObject({ mounts: all("a"), fixed: [] });
  });

  test("env and envFrom, of init containers too", () => {
    const env = [
      { name: "X", valueFrom: { configMapKeyRef: { name: "b", key: "x" } } },
      { name: "Y", value: "1" },
    ];
    const initContainers = [{ envFrom: [{ configMapRef: { name: "a" } }, { secretRef: { name: "s" } }] }];
    const found = consumer([], [], { containers: [{ env }], initContainers });
    expect(found.fixed).toEqual(["a", "b"].map((configMap) => ({ configMap, ways: ["env"] })));
    expect(usesConfigMaps(found)).toBe(true);
  });

  test("a ConfigMap that is used in several ways has them all, and still is mounted", () => {
    const envFrom = [{ configMapRef: { name: "a" } }];
    const volumeMounts = [{ ...whole("v"), subPath: "x" }, whole("v")];
    const { mounts, fixed } = consumer([mount], [], { containers: [{ envFrom, volumeMounts }] });
    expect({ mounts, fixed }).toEqual({ mounts: all("a"), fixed: [{ configMap: "a", ways: ["subPath", "env"] }] });
  });
});

test.each([
  ["running", {}, {}, "Running", true, true],
  ["in init", {}, {}, "Pending", true, true],
  ["not bound to a node", {}, { nodeName: "" }, "Pending", false, true],
  ["being deleted", { deletionTimestamp: "2026-11-23T18:00:00Z" }, {}, "Running", false, true],
  ["succeeded", {}, {}, "Succeeded", false, false],
  ["failed", {}, {}, "Failed", false, false],
])(
  "a pod that is %s: whether it waits and refers to what its volumes name",
  (_, metadata, spec, phase, waits, refers) => {
    const pod = {
      metadata: { ...identity, ...metadata },
      spec: { nodeName: "node-1", volumes: [volume("v", { name: "a" })], ...spec },
      status: { phase },
    };
    expect(consumerOf(pod)).toMatchObject({ waits, references: refers ? ["a"] : [] });
  },
);

test("its revision is our annotation", () => {
  const of = (annotations: unknown) => consumerOf({ metadata: { ...identity, annotations } }).revision;
  expect(of({ "metadatamirror.dev/revision": "abc.2", other: "x" })).toBe("abc.2");
  expect([of({}), of(undefined), of(["x"])]).toEqual(["", "", ""]);
});

test("its size is that of its annotations and labels, and 8 KiB for the rest", () => {
  const of = (annotations: unknown, labels?: unknown) =>
    consumerOf({ metadata: { ...identity, annotations, labels } }).bytes;
  expect([of(undefined), of({}), of("x")]).toEqual([8_192, 8_192, 8_192]);
  expect(of({ kkkk: "v".repeat(1_020) })).toBe(9_216);
  expect(of({ kkkk: "v".repeat(1_021) })).toBe(10_240);
  expect(of({ a: "v".repeat(200 * 1024 - 1) }, { b: "v".repeat(1_023) })).toBe(209 * 1024);
  // of what changes little, nothing is another
  expect(of({ beat: "1" })).toBe(of({ beat: "22" }));
});

test("a pod without a name, namespace or uid is no pod of an API server", () => {
  for (const key of ["namespace", "name", "uid"]) {
    expect(() => consumerOf({ metadata: { ...identity, [key]: undefined } })).toThrow(TypeError);
  }
});

test("the property: whatever a pod holds, it is read without an error, and each list has a ConfigMap once, in order", () => {
  const name = fc.constantFrom("a", "b", "c", "", null);
  const source = fc.oneof(
    fc.jsonValue(),
    fc.record({ name, items: fc.oneof(fc.jsonValue(), fc.array(fc.record({ key: name }))) }),
  );
  const aVolume = fc.oneof(
    fc.jsonValue(),
    fc.record({ name, configMap: source }),
    fc.record({
      name,
      projected: fc.record({ sources: fc.oneof(fc.jsonValue(), fc.array(fc.record({ configMap: source }))) }),
    }),
  );
  const container = fc.oneof(
    fc.jsonValue(),
    fc.record({
      volumeMounts: fc.array(fc.oneof(fc.jsonValue(), fc.record({ name, subPath: name }))),
      envFrom: fc.array(fc.oneof(fc.jsonValue(), fc.record({ configMapRef: fc.record({ name }) }))),
      env: fc.jsonValue(),
    }),
  );
  const spec = fc.record({ volumes: fc.oneof(fc.jsonValue(), fc.array(aVolume)), containers: fc.array(container) });
  fc.assert(
    fc.property(spec, fc.jsonValue(), (some, status) => {
      const found = consumerOf({ metadata: identity, spec: some, status });
      const { mounts, fixed, references } = found;
      for (const names of [mounts.map((mount) => mount.configMap), fixed.map((use) => use.configMap), references]) {
        expect(names).toEqual([...new Set(names)].toSorted());
        expect(names).not.toContain("");
      }
      // what follows is referred to
      expect(mounts.filter(({ configMap }) => !references.includes(configMap))).toEqual([]);
      expect(found).toEqual(consumerOf(structuredClone({ metadata: identity, spec: some, status })));
    }),
  );
});
