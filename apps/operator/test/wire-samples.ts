import fc from "fast-check";

// Pods, nodes and ConfigMaps as nobody would write them, but an API server takes them.

const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z0-9])?$/);
const qualified = fc.tuple(
  fc.constantFrom("", "example.com/", "a.b/"),
  fc.stringMatching(/^[A-Za-z0-9]([-._A-Za-z0-9]{0,30}[A-Za-z0-9])?$/),
);
const key = qualified.map(([prefix, word]) => prefix + word);
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("", "\u0000", "\ud800", "🐳", "a\nb", "x".repeat(2_000)),
);
const labels = fc.dictionary(
  key,
  fc.oneof(fc.constant(""), fc.stringMatching(/^[A-Za-z0-9]([-._A-Za-z0-9]{0,30}[A-Za-z0-9])?$/)),
  { maxKeys: 20 },
);
const annotations = fc
  .tuple(fc.dictionary(key, anyText, { maxKeys: 20 }), fc.option(anyText))
  .map(([map, revision]) => (revision === null ? map : { ...map, "metadatamirror.dev/revision": revision }));

/** Requests and limits, each limit at least its request, in notations that the server makes canonical, and in some that it keeps. */
const cpu = fc.constantFrom(
  ["0.1", "100m"],
  ["1e-1", "0.25"],
  ["0", "1E0"],
  ["0.0001", "2"],
  ["1500m", "1.5"],
  ["1", 3],
);
const memory = fc.constantFrom(
  ["1e9", "1Gi"],
  ["128974848", "129e6"],
  ["1.5Gi", "2G"],
  ["0", "1"],
  ["1024Ki", "1Mi"],
  ["100m", "1"],
);
const huge = fc.constantFrom(["2Mi", "2Mi"], ["4Mi", "4194304"]);
const resources = fc
  .record({ cpu, memory, "ephemeral-storage": memory, "hugepages-2Mi": huge }, { requiredKeys: ["cpu"] })
  .chain((pairs) => {
    const side = (index: 0 | 1) =>
      Object.fromEntries(Object.entries(pairs).map(([resource, pair]) => [resource, pair[index]]));
    return fc.constantFrom({}, { requests: side(0), limits: side(1) }, { limits: side(1) });
  });

const configMap = fc.constantFrom("web-peers", "web-peers-1", "settings", "kube-root-ca.crt");
const keys = fc.option(fc.uniqueArray(fc.constantFrom("a", "b", "peers.json"), { minLength: 1 }), { nil: undefined });
const fromConfigMap = fc.record({ name: configMap, keys, optional: fc.boolean() });
/** The source of a volume, or of its n-th part: no two parts may write to the same path. */
const sourceOf = ({ keys: picked, ...rest }: SampleOf<typeof fromConfigMap>, part = 0) => ({
  ...rest,
  items: picked?.map((one) => ({ key: one, path: `${part}/${one}` })),
});
const projected = fc
  .array(fc.oneof(fromConfigMap, fc.constant("secret"), fc.constant("labels")), { maxLength: 4 })
  .map((parts) =>
    parts.map((part, index) => {
      if (part === "secret") return { secret: { name: "s" } };
      const items = [{ path: `${index}/labels`, fieldRef: { fieldPath: "metadata.labels" } }];
      return typeof part === "string" ? { downwardAPI: { items } } : { configMap: sourceOf(part, index) };
    }),
  );
const source = fc.oneof(
  fromConfigMap.map((one) => ({ configMap: sourceOf(one) })),
  projected.map((sources) => ({ projected: { sources } })),
  fc.constantFrom<object>({ emptyDir: {} }, { secret: { secretName: "s" } }, { hostPath: { path: "/x" } }),
);
const volumeNames = ["a", "b", "c"];
const mount = fc.record(
  { name: fc.constantFrom(...volumeNames), subPath: fc.constantFrom("", "x"), readOnly: fc.boolean() },
  { requiredKeys: ["name"] },
);
const mounts = fc
  .array(mount, { maxLength: 4 })
  .map((all) => all.map((one, index) => ({ ...one, mountPath: `/m${index}` })));
const exprMounts = mounts.map((all) =>
  all.map((one) => (one.subPath ? { name: one.name, mountPath: one.mountPath, subPathExpr: "$(A)" } : one)),
);
const variable = fc.constantFrom<object>(
  { name: "A", value: "1" },
  { name: "B" },
  { name: "C", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  { name: "D", valueFrom: { configMapKeyRef: { name: "env-map", key: "k", optional: true } } },
  { name: "E", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
);
const envSource = fc.constantFrom<object>(
  { configMapRef: { name: "env-from" } },
  { prefix: "P_", secretRef: { name: "s" } },
);
const container = fc.record({
  image: fc.constant("web"),
  env: fc.array(variable, { maxLength: 5 }),
  envFrom: fc.array(envSource, { maxLength: 2 }),
  volumeMounts: fc.oneof(mounts, exprMounts),
  resources,
});
const numbered = (prefix: string, minLength: number) =>
  fc
    .array(container, { minLength, maxLength: 3 })
    .map((all) => all.map((one, index) => ({ ...one, name: `${prefix}-${index}` })));

const spec = fc.record(
  {
    containers: numbered("main", 1),
    initContainers: numbered("init", 0),
    volumes: fc
      .tuple(source, source, source)
      .map((sources) => sources.map((one, index) => ({ name: volumeNames[index], ...one }))),
    serviceAccountName: name,
    nodeName: name,
    hostNetwork: fc.boolean(),
    restartPolicy: fc.constantFrom("Always", "Never"),
  },
  { requiredKeys: ["containers", "volumes"] },
);

const ips = fc.constantFrom<readonly { readonly ip: string }[]>(
  [],
  [{ ip: "10.0.0.1" }],
  [{ ip: "10.0.0.1" }, { ip: "fd00::1" }],
);
const condition = fc.record({
  type: fc.constantFrom("Ready", "PodScheduled", "example.com/gate", "Initialized"),
  status: fc.constantFrom("True", "False", "Unknown"),
  lastTransitionTime: fc.constant("2026-11-23T18:00:00Z"),
  message: anyText,
});

/** What is patched into its status. */
const status = fc
  .record({
    phase: fc.constantFrom("Pending", "Running", "Succeeded", "Failed", "Unknown"),
    conditions: fc.uniqueArray(condition, { selector: ({ type }) => type, maxLength: 4 }),
    podIPs: ips,
    hostIPs: ips,
  })
  .map((all) => ({ ...all, podIP: all.podIPs[0]?.ip ?? null, hostIP: all.hostIPs[0]?.ip ?? null }));

const ephemeral = fc.array(
  fc.record({
    image: fc.constant("debug"),
    env: fc.array(variable, { maxLength: 3 }),
    volumeMounts: mounts.map((all) => all.map((one) => ({ ...one, subPath: undefined }))),
  }),
  { maxLength: 2 },
);

/**
 * A pod; what is patched into its status and added to it while it runs; and whether it is deleted then, which it survives with a
 * finalizer.
 */
export const podSample = fc.record({
  metadata: fc.record({
    labels,
    annotations,
    finalizers: fc.constantFrom<readonly string[]>([], ["example.com/stay"]),
  }),
  spec,
  status,
  ephemeral: ephemeral.map((all) => all.map((one, index) => ({ ...one, name: `debug-${index}` }))),
  ends: fc.boolean(),
});

export type PodSample = SampleOf<typeof podSample>;

export const nodeSample = fc.record({
  metadata: fc.record({ labels, annotations }),
  status: fc.record({
    allocatable: fc
      .tuple(cpu, memory, huge)
      .map(([a, b, c]) => ({ cpu: a[0], memory: b[1], "hugepages-2Mi": c[1], pods: "110" })),
    capacity: fc.constant({ cpu: "8" }),
  }),
});

export type NodeSample = SampleOf<typeof nodeSample>;

const dataKey = fc
  .oneof(fc.stringMatching(/^[-._a-zA-Z0-9]{1,40}$/), fc.constantFrom("__proto__", "constructor", "web-0_labels"))
  .filter((word) => word !== "." && !word.startsWith(".."));
const owner = fc.record(
  {
    apiVersion: fc.constant("metadatamirror.dev/v1alpha1"),
    kind: fc.constant("MetadataMirror"),
    name,
    uid: fc.uuid(),
    controller: fc.boolean(),
    blockOwnerDeletion: fc.boolean(),
  },
  { requiredKeys: ["apiVersion", "kind", "name", "uid"] },
);

export const configMapSample = fc
  .record({
    metadata: fc.record({
      labels: labels.map((map) => ({ ...map, "metadatamirror.dev/mirror": "web" })),
      annotations: annotations.map((map) => ({ ...map, "metadatamirror.dev/placement": "a b c" })),
      ownerReferences: fc
        .uniqueArray(owner, { maxLength: 2, selector: ({ uid }) => uid })
        .map((owners) => owners.map((one, index) => (index === 0 ? one : { ...one, controller: false }))),
      finalizers: fc.constantFrom<readonly string[]>([], ["example.com/stay"]),
    }),
    entries: fc.uniqueArray(fc.tuple(dataKey, anyText, fc.boolean()), { maxLength: 10, selector: ([word]) => word }),
    immutable: fc.option(fc.boolean(), { nil: undefined }),
    ends: fc.boolean(),
  })
  .map(({ entries, ...sample }) => {
    const some = (binary: boolean) => entries.filter(([, , isBinary]) => isBinary === binary);
    return {
      ...sample,
      data: Object.fromEntries(some(false).map(([word, value]) => [word, value])),
      binaryData: Object.fromEntries(some(true).map(([word, value]) => [word, Buffer.from(value).toString("base64")])),
    };
  });

export type ConfigMapSample = SampleOf<typeof configMapSample>;

type SampleOf<T> = T extends fc.Arbitrary<infer Sample> ? Sample : never;
