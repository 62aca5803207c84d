import {
  type ApiClient,
  ApiError,
  describeResource,
  type KubernetesObject,
  type WatchEvent,
  type WatchOptions,
} from "@metadata-mirror/api-client";
import { configMapState, podMetadata } from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { fakeApi } from "../testing/fake-api.ts";
import { configMapObject, mirrorObject, podObject } from "../testing/objects.ts";
import { digest } from "./digest.ts";
import { createHandler } from "./handler.ts";
import { startSources } from "./sources.ts";
import { createStores } from "./stores.ts";

/** One watch that was asked for, told what it tells by the test. */
interface Told {
  readonly labelSelector: string | undefined;
  readonly list: (...objects: readonly KubernetesObject[]) => void;
  readonly apply: (object: KubernetesObject) => void;
  readonly contact: () => void;
  readonly fail: (code: "forbidden" | "unavailable") => void;
}

/** A client whose watches, by `pods shop` or `pods`, tell what they're told to tell. */
function scriptedClient() {
  const watches = new Map<string, Told>();
  function watch<T>(resource: Parameters<ApiClient["watch"]>[0], options: WatchOptions<T>) {
    const { decode, signal, labelSelector, onContact, onFault } = options;
    let tell: (event: WatchEvent<T>) => void = () => undefined;
    const events = new ReadableStream<WatchEvent<T>>({
      start(controller) {
        tell = (event) => controller.enqueue(event);
        signal.addEventListener("abort", () => controller.close());
      },
    });
    watches.set(describeResource(resource, { namespace: options.namespace }), {
      labelSelector,
      list(...objects) {
        onContact?.();
        tell({ type: "init" });
        for (const object of objects) tell({ type: "initApply", object: decode(object) });
        tell({ type: "initDone", resourceVersion: "10" });
      },
      apply: (object) => tell({ type: "apply", object: decode(object) }),
      contact: () => onContact?.(),
      fail: (code) => onFault?.(new ApiError(code, "no"), 1_000),
    });
    return events;
  }
  return { client: { ...fakeApi().client, watch }, watches };
}

function start(namespaces?: readonly string[]) {
  const { client, watches } = scriptedClient();
  const stop = new AbortController();
  const stores = createStores(() => [createHandler(() => undefined)]);
  const nodesReadable: boolean[] = [];
  const { ready, ended } = startSources({
    client,
    stores,
    namespaces,
    observer: { onContact: () => undefined, onFault: () => undefined, onPoison: () => undefined },
    onNodesReadable: (readable) => nodesReadable.push(readable),
    signal: stop.signal,
  });
  const settled = { ready: false, ended: false };
  void ready.then(() => (settled.ready = true));
  void ended.then(() => (settled.ended = true));
  const isSettled = async (what: keyof typeof settled) => {
    await new Promise(setImmediate);
    return settled[what];
  };
  return { watches, stores, nodesReadable, isSettled, stop: () => stop.abort() };
}

const everything = ["configmaps", "metadatagrants", "metadatamirrors", "nodes", "pods"];

test("the whole cluster takes a watch of each resource, of ConfigMaps those with our label only", () => {
  const { watches } = start();
  expect([...watches.keys()].toSorted()).toEqual(everything);
  expect(watches.get("configmaps")?.labelSelector).toBe("metadatamirror.dev/mirror");
  expect(watches.get("pods")?.labelSelector).toBeUndefined();
});

test("some namespaces take a watch of each resource for each of them, and one of the nodes", () => {
  const { watches } = start(["shop", "office"]);
  const each = ["configmaps", "metadatagrants", "metadatamirrors", "pods"];
  expect([...watches.keys()].toSorted()).toEqual(
    [...each.flatMap((plural) => [`${plural} office`, `${plural} shop`]), "nodes"].toSorted(),
  );
});

test("they are ready once each of them has its first list, and not before", async () => {
  const { watches, isSettled } = start();
  for (const resource of everything) {
    expect(await isSettled("ready")).toBe(false);
    watches.get(resource)?.list();
  }
  expect(await isSettled("ready")).toBe(true);
});

test("what is told is in the stores, trimmed", async () => {
  const { watches, stores, isSettled } = start();
  const stored = { uid: "u-1", resourceVersion: "7" };
  const pod = { metadata: { namespace: "shop", name: "web-0", ...stored } };
  const configMap = configMapObject({ name: "web", label: "web", data: { a: "1" } });
  watches.get("pods")?.list(pod);
  watches.get("metadatamirrors")?.list();
  watches.get("metadatamirrors")?.apply(mirrorObject());
  watches.get("configmaps")?.list({ ...configMap, metadata: { ...configMap.metadata, ...stored } });
  watches.get("nodes")?.list({ metadata: { name: "node-1" }, status: { allocatable: { cpu: "4" }, images: [] } });
  await isSettled("ready");
  expect(stores.pods.get("shop", "web-0")).toEqual(podMetadata(pod));
  expect(stores.mirrors.get("shop", "web-peers")?.generation).toBe(1);
  expect([...(stores.configMaps.get("shop", "web")?.digests.keys() ?? [])]).toEqual(["a"]);
  expect(stores.nodes.get("", "node-1")).toEqual({ name: "node-1", allocatable: { cpu: "4" } });
});

test("of pods that use ConfigMaps it is kept how, and a refresh changes that alone", async () => {
  const { watches, stores, isSettled } = start();
  const seen = async (revision: string) => {
    const object = podObject({
      mounts: ["web-peers"],
      annotations: { note: "1", "metadatamirror.dev/revision": revision },
    });
    watches.get("pods")?.apply({ ...object, metadata: { ...object.metadata, resourceVersion: revision } });
    await isSettled("ready");
    return [stores.pods.get("shop", "web-0"), stores.consumers.get("shop", "web-0")?.revision];
  };
  const [before, first] = await seen("7");
  const [after, second] = await seen("8");
  expect([first, second]).toEqual(["7", "8"]);
  expect(after).toBe(before);
  watches.get("pods")?.apply(podObject({ name: "web-1" }));
  await isSettled("ready");
  expect([stores.pods.size, stores.consumers.size]).toEqual([2, 1]);
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
  for (const resource of everything) if (resource !== "nodes") watches.get(resource)?.list();
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

test("without the right to read pods all wait, since without pods every ConfigMap would be emptied", async () => {
  const { watches, isSettled } = start();
  for (const resource of everything) if (resource !== "pods") watches.get(resource)?.list();
  watches.get("pods")?.fail("forbidden");
  expect(await isSettled("ready")).toBe(false);
});

test("they end when they are told to", async () => {
  const { isSettled, stop } = start();
  expect(await isSettled("ended")).toBe(false);
  stop();
  expect(await isSettled("ended")).toBe(true);
});
