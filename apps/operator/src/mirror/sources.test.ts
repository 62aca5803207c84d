import {
  type ApiClient,
  ApiError,
  describeResource,
  fakeClock,
  type KubernetesObject,
  type WatchEvent,
  type WatchOptions,
} from "@metadata-mirror/api-client";
import { configMapState, podMetadata, type ReadableMirror } from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { fakeApi } from "../testing/fake-api.ts";
import { configMapObject, mirror, mirrorObject, podObject } from "../testing/objects.ts";
import { digest } from "./digest.ts";
import { createHandler } from "./handler.ts";
import { startSources } from "./sources.ts";
import { createStores } from "./stores.ts";

/** One watch that was asked for, told what it tells by the test. */
interface Told {
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
  readonly list: (...objects: readonly KubernetesObject[]) => void;
  readonly apply: (object: KubernetesObject) => void;
  readonly contact: () => void;
  readonly fail: (code: "forbidden" | "unavailable") => void;
}

/** A client whose watches, by `pods shop` or `pods`, tell what they're told to tell. */
function scriptedClient() {
  const watches = new Map<string, Told>();
  function watch<T>(resource: Parameters<ApiClient["watch"]>[0], options: WatchOptions<T>) {
    const { decode, signal, labelSelector, fieldSelector, onContact, onFault } = options;
    let tell: (event: WatchEvent<T>) => void = () => undefined;
    const events = new ReadableStream<WatchEvent<T>>({
      start(controller) {
        tell = (event) => controller.enqueue(event);
        signal.addEventListener("abort", () => controller.close());
      },
    });
    watches.set(describeResource(resource, { namespace: options.namespace }), {
      labelSelector,
      fieldSelector,
      list(...objects) {
        onContact?.("reply", 150_000);
        tell({ type: "init" });
        for (const object of objects) tell({ type: "initApply", object: decode(object) });
        tell({ type: "initDone", resourceVersion: "10" });
      },
      apply: (object) => tell({ type: "apply", object: decode(object) }),
      contact: () => onContact?.("reply", 150_000),
      fail: (code) => onFault?.(new ApiError(code, "no"), 1_000),
    });
    return events;
  }
  return { client: { ...fakeApi().client, watch }, watches };
}

function start(namespaces?: readonly string[]) {
  const { client, watches } = scriptedClient();
  const stop = new AbortController();
  const stores = createStores(() => [
    createHandler(() => undefined),
    { mirror: (change) => pods.listener.mirror(change) },
  ]);
  const nodesReadable: boolean[] = [];
  const ignore = () => undefined;
  const { pods, listed, ready, ended } = startSources({
    client,
    clock: fakeClock(),
    stores,
    namespaces,
    isFollowed: () => true,
    observer: { onFault: ignore, onPoison: ignore, onPodSource: ignore, onPodSourceEnd: ignore },
    onNodesReadable: (readable) => nodesReadable.push(readable),
    wake: ignore,
    signal: stop.signal,
  });
  const settled = { listed: false, ready: false, ended: false };
  void listed.then(() => (settled.listed = true));
  void ready.then(() => (settled.ready = true));
  void ended.then(() => (settled.ended = true));
  const isSettled = async (what: keyof typeof settled) => {
    await new Promise(setImmediate);
    return settled[what];
  };
  return { watches, stores, pods, nodesReadable, isSettled, stop: () => stop.abort() };
}

/** All that is watched before it is known which pods the mirrors need. */
const first = ["configmaps", "metadatagrants", "metadatamirrors", "nodes"];

/** Lists these, and of mirrors one. */
async function listFirst({ watches, isSettled }: ReturnType<typeof start>, spec: object = {}): Promise<void> {
  for (const resource of first)
    watches.get(resource)?.list(...(resource === "metadatamirrors" ? [mirrorObject({ spec })] : []));
  await isSettled("listed");
}

const immediate = { consumers: { refreshPolicy: "Immediate" } };

test("the whole cluster takes a watch of each resource but pods, of ConfigMaps those with our label only", () => {
  const { watches } = start();
  expect([...watches.keys()].toSorted()).toEqual(first);
  expect(watches.get("configmaps")?.labelSelector).toBe("metadatamirror.dev/mirror");
});

test("some namespaces take a watch of each of these for each of them, and one of the nodes", () => {
  const { watches } = start(["shop", "office"]);
  const each = ["configmaps", "metadatagrants", "metadatamirrors"];
  expect([...watches.keys()].toSorted()).toEqual(
    [...each.flatMap((plural) => [`${plural} office`, `${plural} shop`]), "nodes"].toSorted(),
  );
});

test("pods are watched as far as a mirror needs them, and not those that have ended", async () => {
  const started = start();
  await listFirst(started);
  expect([...started.watches.keys()].toSorted()).toEqual([...first, "pods shop"]);
  const { labelSelector, fieldSelector } = started.watches.get("pods shop") ?? {};
  expect([labelSelector, fieldSelector]).toEqual(["app=web", "status.phase!=Succeeded,status.phase!=Failed"]);
});

test("they are ready once each of them has its first list, and not before", async () => {
  const { watches, isSettled } = start();
  for (const resource of first) {
    expect([await isSettled("listed"), await isSettled("ready")]).toEqual([false, false]);
    watches.get(resource)?.list(...(resource === "metadatamirrors" ? [mirrorObject()] : []));
  }
  expect([await isSettled("listed"), await isSettled("ready")]).toEqual([true, false]);
  watches.get("pods shop")?.list();
  expect(await isSettled("ready")).toBe(true);
});

test("without a mirror no pods are waited for", async () => {
  const { watches, isSettled } = start();
  for (const resource of first) watches.get(resource)?.list();
  expect(await isSettled("ready")).toBe(true);
});

test("what is told is in the stores, trimmed", async () => {
  const started = start();
  const { watches, stores, isSettled } = started;
  const stored = { uid: "u-1", resourceVersion: "7" };
  const pod = { metadata: { namespace: "shop", name: "web-0", ...stored } };
  const configMap = configMapObject({ name: "web", label: "web", data: { a: "1" } });
  await listFirst(started, { peers: { selector: {} } });
  watches.get("pods shop")?.list(pod);
  watches.get("configmaps")?.list({ ...configMap, metadata: { ...configMap.metadata, ...stored } });
  watches.get("nodes")?.list({ metadata: { name: "node-1" }, status: { allocatable: { cpu: "4" }, images: [] } });
  await isSettled("ready");
  expect(stores.pods.get("shop", "web-0")).toEqual(podMetadata(pod));
  expect(stores.mirrors.get("shop", "web-peers")?.generation).toBe(1);
  expect([...(stores.configMaps.get("shop", "web")?.digests.keys() ?? [])]).toEqual(["a"]);
  expect(stores.nodes.get("", "node-1")).toEqual({ name: "node-1", allocatable: { cpu: "4" } });
});

test("of pods that use ConfigMaps it is kept how, where they are refreshed, and a refresh changes that alone", async () => {
  const started = start();
  const { watches, stores, isSettled } = started;
  await listFirst(started, immediate);
  watches.get("pods shop")?.list();
  const seen = async (revision: string) => {
    const object = podObject({
      mounts: ["web-peers"],
      annotations: { note: "1", "metadatamirror.dev/revision": revision },
    });
    watches.get("pods shop")?.apply({ ...object, metadata: { ...object.metadata, resourceVersion: revision } });
    await isSettled("ready");
    return [stores.pods.get("shop", "web-0"), stores.consumers.get("shop", "web-0")?.revision];
  };
  const [before, one] = await seen("7");
  const [after, two] = await seen("8");
  expect([one, two]).toEqual(["7", "8"]);
  expect(after).toBe(before);
  // neither a peer nor a consumer
  watches.get("pods shop")?.apply(podObject({ name: "db-0", labels: { app: "db" } }));
  watches.get("pods shop")?.apply(podObject({ name: "reader", labels: {}, mounts: ["web-peers"] }));
  watches.get("pods shop")?.apply(podObject({ name: "web-1" }));
  await isSettled("ready");
  const names = (of: Iterable<{ readonly name: string }>) => [...of].map(({ name }) => name);
  expect([names(stores.pods.all()), names(stores.consumers.all())]).toEqual([
    ["web-0", "web-1"],
    ["web-0", "reader"],
  ]);
});

test("where pods aren't refreshed, what they mount is not kept", async () => {
  const started = start();
  const { watches, stores, isSettled } = started;
  await listFirst(started);
  watches.get("pods shop")?.list(podObject({ mounts: ["web-peers"] }));
  await isSettled("ready");
  expect([stores.pods.size, stores.consumers.size]).toEqual([1, 0]);
});

test("a ConfigMap is kept once for what is there and what the watch has shown, until we write it", async () => {
  const { watches, stores, isSettled } = start();
  const object = configMapObject({ name: "web", label: "web", data: { a: "1" } });
  const shown = { ...object, metadata: { ...object.metadata, uid: "u-1", resourceVersion: "7" } };
  const both = () => [stores.configMaps, stores.shownConfigMaps].map((store) => store.get("shop", "web"));
  watches.get("configmaps")?.list(shown);
  await isSettled("ready");
  const [present, seen] = both();
  expect(seen).toBe(present);
  const written = { ...configMapState(shown, digest), resourceVersion: "8", digests: new Map([["a", digest("2")]]) };
  stores.configMaps.wrote({ ...written, object: written });
  expect(both()).toEqual([written, seen]);
  watches
    .get("configmaps")
    ?.apply({ ...shown, data: { a: "2" }, metadata: { ...shown.metadata, resourceVersion: "8" } });
  await isSettled("ready");
  const [later, laterSeen] = both();
  expect(later).toBe(written);
  expect(laterSeen).toBe(written);
});

test("without the right to read nodes they are not waited for, and with the right they are read again", async () => {
  const { watches, nodesReadable, isSettled } = start();
  for (const resource of first) if (resource !== "nodes") watches.get(resource)?.list();
  watches.get("nodes")?.fail("unavailable");
  expect([await isSettled("ready"), nodesReadable]).toEqual([false, []]);
  watches.get("nodes")?.fail("forbidden");
  expect([await isSettled("ready"), nodesReadable]).toEqual([true, [false]]);
  watches.get("nodes")?.list();
  await isSettled("ready");
  expect(nodesReadable).toEqual([false, true]);
  watches.get("nodes")?.fail("forbidden");
  watches.get("nodes")?.contact();
  expect(nodesReadable).toEqual([false, true, false, true]);
});

test("without the right to read pods of a namespace its mirrors wait, since without pods every ConfigMap would be emptied", async () => {
  const started = start();
  await listFirst(started);
  started.watches.get("pods shop")?.fail("forbidden");
  expect(await started.isSettled("ready")).toBe(false);
  const covers = (namespace: string) => started.pods.covers(mirror({ namespace }) as ReadableMirror);
  expect(covers("shop")).toBe(false);
  started.watches.get("pods shop")?.list();
  await started.isSettled("ready");
  expect([covers("shop"), covers("office")]).toEqual([true, false]);
});

test("they end when they are told to", async () => {
  const { isSettled, stop } = start();
  expect(await isSettled("ended")).toBe(false);
  stop();
  expect(await isSettled("ended")).toBe(true);
});
