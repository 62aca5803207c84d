import {
  type ApiClient,
  configMaps,
  connect,
  type KubernetesObject,
  type MessageSchema,
  namespaces,
  nodes,
  pods,
  type Resource,
} from "@metadata-mirror/api-client";
import { resolve } from "@metadata-mirror/auth";
import { startControlPlane } from "@metadata-mirror/control-plane";
import { configMapState, consumerOf, nodeMetadata, podMetadata } from "@metadata-mirror/metadata-model";
import fc from "fast-check";
import pLimit from "p-limit";
import { beforeAll, expect, test } from "vitest";
import { digest } from "../src/mirror/digest.ts";
import { configMapWire, nodeWire, peerWire, podWire } from "../src/mirror/wire.ts";
import {
  type ConfigMapSample,
  configMapSample,
  type NodeSample,
  nodeSample,
  type PodSample,
  podSample,
} from "./wire-samples.ts";

const namespace = "wire";
const deadline = { timeout: 30_000, interval: 20 };

let client: ApiClient;
beforeAll(async () => {
  await using stack = new AsyncDisposableStack();
  const controlPlane = stack.use(await startControlPlane({ env: process.env }));
  client = stack.use(connect(await resolve({ env: { KUBECONFIG: controlPlane.kubeconfigPath } })));
  await client.create(namespaces, { metadata: { name: namespace } });
  const owned = stack.move();
  return () => owned.disposeAsync();
});

const scopeOf = ({ namespaced }: Resource) => (namespaced ? { namespace } : {});

type Trim = (object: KubernetesObject) => unknown;

/** What comes of all objects when they are listed in pages. */
async function listed(resource: Resource, trim: Trim, wire: MessageSchema | undefined): Promise<readonly unknown[]> {
  const records: unknown[] = [];
  for await (const { items } of client.list(resource, { ...scopeOf(resource), wire, limit: 7 }))
    records.push(...items.map(trim));
  return records;
}

/** What a watch has told: of each object what comes of it, and of which version. */
function watched(resource: Resource, trim: Trim, wire: MessageSchema | undefined) {
  const stop = new AbortController();
  const told: unknown[] = [];
  const troubles: unknown[] = [];
  const decode = (object: KubernetesObject) => ({ version: object.metadata.resourceVersion, record: trim(object) });
  const options = {
    ...scopeOf(resource),
    decode,
    wire,
    signal: stop.signal,
    onFault: (fault: Error) => troubles.push(fault),
    onPoison: (error: unknown) => troubles.push(error),
  };
  const ended = (async () => {
    for await (const event of client.watch(resource, options)) {
      // of which moment the whole state is, each is told for itself
      told.push(event.type === "initDone" ? { type: "initDone" } : event);
    }
  })();
  return {
    told,
    troubles,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

/** Lists and watches in both forms while `change` is made, and compares the `count` events, or more, that are told. */
async function compare(
  resource: Resource,
  trim: Trim,
  wire: MessageSchema,
  count: number,
  change: () => Promise<void>,
): Promise<void> {
  await using inJson = watched(resource, trim, undefined);
  await using inProtobuf = watched(resource, trim, wire);
  const isWhole = () =>
    [inJson, inProtobuf].every(({ told }) => told.some((event) => (event as { type: string }).type === "initDone"));
  await expect.poll(isWhole, deadline).toBe(true);
  await change();
  const least = () => Math.min(inProtobuf.told.length, inJson.told.length);
  await expect.poll(least, deadline).toBeGreaterThanOrEqual(count);
  await expect.poll(() => inProtobuf.told, deadline).toEqual(inJson.told);
  expect(inProtobuf.troubles).toEqual([]);
  expect(inJson.troubles).toEqual([]);
  expect(await listed(resource, trim, wire)).toEqual(await listed(resource, trim, undefined));
}

/** Does it for each, a few at a time. */
async function each<T>(samples: readonly T[], run: (sample: T, index: number) => Promise<unknown>): Promise<void> {
  const limit = pLimit(4);
  await Promise.all(samples.map((sample, index) => limit(() => run(sample, index))));
}

const podTrim: Trim = (object) => ({ pod: podMetadata(object), consumer: consumerOf(object) });

async function createPod({ metadata, spec, status, ephemeral, ends }: PodSample, name: string): Promise<void> {
  const ref = { namespace, name };
  await client.create(pods, { metadata: { ...metadata, ...ref }, spec });
  await client.patch(pods, { ...ref, subresource: "status" }, { status });
  if (ephemeral.length > 0) {
    const subresource = "ephemeralcontainers";
    await client.patch(
      pods,
      { ...ref, subresource },
      { spec: { ephemeralContainers: ephemeral } },
      { type: "strategic" },
    );
  }
  if (ends) await client.delete(pods, ref, { gracePeriodSeconds: 0 });
}

test("a pod read from protobuf is the record that it is read from JSON, listed and watched", async () => {
  const samples = fc.sample(podSample, { numRuns: 300, seed: 7 });
  const [before, during] = [samples.slice(0, 200), samples.slice(200)];
  await each(before, (sample, index) => createPod(sample, `before-${index}`));
  await compare(pods, podTrim, podWire, 400, async () => {
    await each(during, (sample, index) => createPod(sample, `during-${index}`));
    const kept = before.map(({ ends, metadata }, index) => ({
      index,
      isGone: ends && metadata.finalizers.length === 0,
    }));
    await each(
      kept.filter(({ isGone }) => !isGone),
      ({ index }) => client.patch(pods, { namespace, name: `before-${index}` }, { metadata: { finalizers: null } }),
    );
  });
  // where nobody asks what pods mount
  expect(await listed(pods, podMetadata, peerWire)).toEqual(await listed(pods, podMetadata, undefined));
});

test("a node read from protobuf is the record that it is read from JSON", async () => {
  const samples = fc.sample(nodeSample, { numRuns: 60, seed: 7 });
  const create = ({ metadata, status }: NodeSample, name: string) =>
    client.create(nodes, { metadata: { ...metadata, name }, status });
  await each(samples.slice(0, 30), (sample, index) => create(sample, `before-${index}`));
  await compare(nodes, nodeMetadata, nodeWire, 2 + 60 + 10, async () => {
    await each(samples.slice(30), (sample, index) => create(sample, `during-${index}`));
    await each(samples.slice(0, 10), (_, index) => client.delete(nodes, { name: `before-${index}` }));
  });
});

/** The version of an object, and all of it that doesn't differ by the moment of its writing. */
function versionAndRest({ metadata, ...content }: KubernetesObject) {
  const { name: _, uid: __, resourceVersion = "", creationTimestamp: ___, managedFields = [], ...others } = metadata;
  const managers = (managedFields as readonly object[]).map((manager) => ({ ...manager, time: "" }));
  return { resourceVersion, rest: { ...content, metadata: { ...others, managers } } };
}

test("a ConfigMap written in protobuf is what it is when it's written in JSON", async () => {
  const samples = fc.sample(configMapSample, { numRuns: 100, seed: 11 });
  const options = { fieldManager: "test" };
  await each(samples, async ({ metadata, data, binaryData, immutable }, index) => {
    const object = (name: string, change: object = {}) => ({
      data,
      binaryData,
      immutable,
      metadata: { ...metadata, namespace, name, ...change },
    });
    const stored: unknown[] = [];
    for (const wire of [undefined, configMapWire]) {
      const name = `written-${index}-${wire === undefined ? "json" : "protobuf"}`;
      const form = { ...options, ...(wire !== undefined && { wire }) };
      const { resourceVersion, rest } = versionAndRest(await client.create(configMaps, object(name), form));
      stored.push(rest);
      if (immutable === true) continue;
      const changed = object(name, { labels: { changed: "yes" }, resourceVersion });
      const replaced = await client.replace(configMaps, { ...changed, data: { new: "\u0000é" } }, form);
      stored.push(versionAndRest(replaced).rest);
    }
    expect(stored.slice(stored.length / 2)).toEqual(stored.slice(0, stored.length / 2));
  });
});

test("a ConfigMap read from protobuf is the record that it is read from JSON", async () => {
  const samples = fc.sample(configMapSample, { numRuns: 200, seed: 7 });
  const create = async ({ metadata, ends, ...content }: ConfigMapSample, name: string) => {
    await client.create(configMaps, { metadata: { ...metadata, namespace, name }, ...content });
    if (ends) await client.delete(configMaps, { namespace, name });
  };
  await each(samples.slice(0, 100), (sample, index) => create(sample, `before-${index}`));
  const trim: Trim = (object) => configMapState(object, digest);
  await compare(configMaps, trim, configMapWire, 200, () =>
    each(samples.slice(100), (sample, index) => create(sample, `during-${index}`)),
  );
});
