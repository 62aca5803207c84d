import fc from "fast-check";
import type { Item } from "../src/item.ts";
import type { LabelSelector } from "../src/label-selector.ts";
import type { MetadataGrant } from "../src/metadata-grant.ts";
import type { ReadableMirror } from "../src/metadata-mirror.ts";
import type { PodMetadata } from "../src/pod-metadata.ts";
import { mirror, pod } from "./objects.ts";

// Arbitrary worlds, small enough that pods, selectors and grants meet often.

const letter = "abcdefghijklmnopqrstuvwxyz0123456789";
const text = (characters: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)), minLength: 1, maxLength });

/** The name of a pod or a namespace: an RFC 1123 subdomain, short ones, long ones, ones of dots and dashes. */
export const dnsName: fc.Arbitrary<string> = fc
  .array(text(`${letter}-`, 63), { minLength: 1, maxLength: 4 })
  .map((labels) =>
    labels
      .map((label) => label.replaceAll(/^-|-$/g, "0"))
      .join(".")
      .slice(0, 253)
      .replace(/[-.]$/, "0"),
  );

/** The path of an item. */
export const path: fc.Arbitrary<string> = fc
  .tuple(text(`${letter}AZ`, 1), fc.string({ unit: fc.constantFrom(...Array.from(`${letter}AZ-._`)), maxLength: 127 }))
  .map((parts) => parts.join(""));

const labelKeys = ["app", "tier", "example.com/zone"];
const labelValues = ["web", "db", ""];

/** Labels that `selector` may match. */
export const labels: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  fc.constantFrom(...labelKeys),
  fc.constantFrom(...labelValues),
);

const values = fc.uniqueArray(fc.constantFrom(...labelValues), { minLength: 1 });
const key = fc.constantFrom(...labelKeys);
const requirement = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("In" as const, "NotIn" as const), values }),
  fc.record({ key, operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
);

/** A label selector that the API server takes. */
export const selector: fc.Arbitrary<LabelSelector> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(requirement, { maxLength: 2 }) },
  { requiredKeys: [] },
);

const namespaces = ["shop", "shop-eu", "shop-us"];

/** Some pods of three namespaces, no two of one name, whose ids are short and their own. */
export const pods: fc.Arbitrary<PodMetadata[]> = fc
  .uniqueArray(
    fc.record({
      namespace: fc.constantFrom(...namespaces),
      name: text("abc", 3),
      labels,
      annotations: fc.dictionary(fc.constantFrom("note", "9", "10"), fc.string({ unit: "grapheme" })),
      phase: fc.constantFrom("Running", "Running", "Running", "Pending", "Succeeded"),
      ready: fc.constantFrom("True", "True", "False", ""),
      terminating: fc.constantFrom(false, false, false, true),
      podIP: fc.constantFrom("", "10.0.0.1", "10.0.0.2"),
      containers: fc.constantFrom([], [{ name: "main", requests: { cpu: "250m" }, limits: {} }]),
    }),
    { selector: ({ namespace, name }) => `${namespace}/${name}`, maxLength: 12 },
  )
  .map((fields) => fields.map((one, index) => pod({ ...one, uid: `u${index}` })));

const fieldPaths = [
  "metadata.name",
  "metadata.namespace",
  "metadata.labels",
  ...labelKeys.map((label) => `metadata.labels['${label}']`),
  "metadata.annotations",
  "metadata.annotations['note']",
  "spec.nodeName",
  "status.podIP",
  "status.phase",
  "status.conditions['Ready']",
];
const resources = ["requests.cpu", "limits.memory"];

const item: fc.Arbitrary<Omit<Item, "path">> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...fieldPaths).map((fieldPath) => ({ fieldRef: { fieldPath } })) },
  fc
    .constantFrom(...resources)
    .map((resource) => ({ resourceFieldRef: { containerName: "main", resource, divisor: "0" } })),
);

/** Every format. */
const formats = [
  { type: "Files" as const },
  { type: "JSON" as const, key: "peers.json" },
  { type: "Hosts" as const, key: "hosts" },
  { type: "PrometheusFileSD" as const, key: "targets.json", prometheusFileSD: { port: 9090 } },
  { type: "Env" as const, key: "peers.env" },
  { type: "Template" as const, key: "peers.txt", template: { source: "{% for p in peers %}{{ p }}\n{% endfor %}" } },
];

/** Mirrors of `shop`, of few and small shards, of peers of up to three namespaces. */
export const mirrors: fc.Arbitrary<ReadableMirror> = fc
  .record({
    peers: fc.record({
      selector: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, selector),
      include: fc.constantFrom("Ready" as const, "Running" as const, "All" as const),
      namespaces: fc.oneof(fc.constant(undefined), fc.constant(namespaces), fc.subarray(namespaces, { minLength: 1 })),
    }),
    items: fc.array(item, { minLength: 1, maxLength: 4 }),
    output: fc.record({
      peersPerShard: fc.integer({ min: 1, max: 4 }),
      maxShardSize: fc.constantFrom("4Ki", 4400),
      maxShards: fc.integer({ min: 1, max: 4 }),
      formats: fc.subarray([...formats], { minLength: 1 }),
    }),
  })
  .map(({ items, ...spec }) =>
    mirror({ ...spec, items: items.map((one, index) => ({ ...one, path: `item${index}` })) }),
  );

/** Grants of pods of the three namespaces, to `shop` and to another. */
export const grants: fc.Arbitrary<MetadataGrant[]> = fc.array(
  fc
    .record({
      namespace: fc.constantFrom(...namespaces),
      from: fc.constantFrom(["shop"], ["shop", "other"], ["other"]),
      selector: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, selector),
      fieldPaths: fc.oneof(fc.constant(fieldPaths), fc.subarray(fieldPaths, { minLength: 1 })),
      resources: fc.subarray(resources),
    })
    .map(({ namespace, from, selector: selected, ...fields }) => ({
      namespace,
      name: "grant",
      spec: { from: from.map((one) => ({ namespace: one })), selector: selected, fields },
    })),
  { maxLength: 5 },
);
