import { configMaps } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { awaitChange } from "../runtime/action.ts";
import { entryOf } from "../testing/entries.ts";
import { fakeApi } from "../testing/fake-api.ts";
import { configMap, mirror, pod } from "../testing/objects.ts";
import { type Running, running } from "../testing/running.ts";
import { metadataMirrors } from "./resources.ts";
import { createStores } from "./stores.ts";
import { createStrays } from "./strays.ts";

const key = "shop/web-peers";
const second = { namespace: "shop", name: "web-peers-1" };
const asked = `get configmaps shop/${second.name}`;
const replaced = `replace configmaps shop/${second.name}`;
const tryAgain = { code: 500, reason: "InternalError", message: "try again" };
const pair = { spec: { output: { peersPerShard: 2 } } };

/** A mirror of three pods on two ConfigMaps. */
async function mirrored(): Promise<Running> {
  const started = running();
  started.seePods(...["web-0", "web-1", "web-2"].map((name) => pod({ name })));
  started.putMirror(pair);
  await started.pass(20);
  expect(started.data(second.name)).toEqual({ "web-2_ip": "10.0.0.1" });
  return started;
}

/** Somebody takes the label off the second one. */
function unlabel({ find, put }: Running): void {
  const { metadata, ...rest } = find(configMaps, second) ?? { metadata: {} };
  const { labels: _, ...unlabelled } = metadata;
  put(configMaps, { ...rest, metadata: unlabelled });
}

/** The second one has lost its label, is known by reading it alone, and can't be given it back. */
async function unlabelled(): Promise<Running> {
  const started = await mirrored();
  started.refuse(replaced, tryAgain);
  unlabel(started);
  await started.pass(100);
  return started;
}

const lose = ({ stores }: Running, name: string) =>
  stores.pods.remove({ namespace: "shop", name, resourceVersion: "999" });

test("a ConfigMap that has lost its label, and is needed no longer, is removed", async () => {
  const started = await mirrored();
  unlabel(started);
  lose(started, "web-2");
  await started.pass(50);
  expect(started.find(configMaps, second)).toBeUndefined();
  await started.stop();
});

test("one whose peers there is room for elsewhere gets its label back, and none of them is in both", async () => {
  const started = await mirrored();
  lose(started, "web-0");
  await started.pass(50);
  unlabel(started);
  await started.pass(3_000);
  expect(started.find(configMaps, second)?.metadata.labels).toEqual({ "metadatamirror.dev/mirror": "web-peers" });
  expect([started.data(), started.data(second.name)]).toEqual([{ "web-1_ip": "10.0.0.1" }, { "web-2_ip": "10.0.0.1" }]);
  await started.stop();
});

test("so is one that lost it while no operator was there: the status of the mirror names it", async () => {
  const { restart, find, watch, ...started } = await mirrored();
  await started.stop();
  unlabel({ ...started, restart, find, watch });
  lose({ ...started, restart, find, watch }, "web-2");
  const reconcile = restart();
  for (let pass = 0; pass < 4; pass++) {
    await reconcile(key);
    watch();
  }
  expect(find(configMaps, second)).toBeUndefined();
});

test("one that is gone is asked for once", async () => {
  const started = await mirrored();
  started.end(configMaps, second);
  lose(started, "web-2");
  await started.pass(50);
  for (const round of [1, 2, 3]) {
    started.seePods(pod({ name: "web-1", podIP: `10.0.1.${round}` }));
    await started.pass(20);
  }
  expect(started.requests.filter((request) => request === asked)).toHaveLength(1);
  await started.stop();
});

test("one that the mirror needs is met when it's created, and not asked for before", async () => {
  const started = await mirrored();
  unlabel(started);
  await started.pass(50);
  expect(started.find(configMaps, second)?.metadata.labels).toEqual({ "metadatamirror.dev/mirror": "web-peers" });
  expect(started.faults).toHaveLength(1);
  await started.stop();
});

test("one that is somebody else's by now stays as it is", async () => {
  const started = await mirrored();
  started.put(configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata: second, data: { theirs: "1" } });
  lose(started, "web-2");
  await started.pass(3_000);
  expect(started.data(second.name)).toEqual({ theirs: "1" });
  await started.stop();
});

test("where it can't be told, the pass fails and it's asked again", async () => {
  const started = await mirrored();
  unlabel(started);
  lose(started, "web-2");
  const away = { code: 503, reason: "ServiceUnavailable", message: "it is away" };
  started.refuse(asked, away);
  await started.pass(500);
  expect(started.faults.length).toBeGreaterThan(0);
  started.refuse(asked, undefined);
  await started.pass(5_000);
  expect(started.find(configMaps, second)).toBeUndefined();
  await started.stop();
});

test("one that goes before it has its label back is made anew: no watch tells of its end", async () => {
  const started = await unlabelled();
  expect(started.stores.configMaps.get("shop", second.name)?.mirror).toBeUndefined();
  expect(started.stores.configMaps.get("shop", second.name)).toBeDefined();
  started.end(configMaps, second);
  started.refuse(replaced, undefined);
  await started.pass(10_000);
  expect(started.data(second.name)).toEqual({ "web-2_ip": "10.0.0.1" });
  await started.stop();
});

test("one that is edited again before it has its label back gets it all the same", async () => {
  const started = await unlabelled();
  const { metadata, ...rest } = started.find(configMaps, second) ?? { metadata: {} };
  started.put(configMaps, { ...rest, metadata, data: { "web-2_ip": "by hand" } });
  started.refuse(replaced, undefined);
  await started.pass(10_000);
  expect(started.data(second.name)).toEqual({ "web-2_ip": "10.0.0.1" });
  await started.stop();
});

test("one that its mirror has left behind, and that goes unseen, keeps none of a mirror of the same name waiting", async () => {
  const started = await unlabelled();
  started.end(metadataMirrors, { namespace: "shop", name: "web-peers" });
  await started.pass(100);
  for (const name of ["web-peers", second.name]) started.end(configMaps, { namespace: "shop", name });
  await started.pass(100);
  started.putMirror({ ...pair, uid: "another" });
  await started.pass(100);
  expect(started.data(second.name)).toEqual({ "web-2_ip": "10.0.0.1" });
  await started.stop();
});

test("one that is removed is known no longer, though no watch tells", async () => {
  const started = await mirrored();
  unlabel(started);
  lose(started, "web-2");
  await started.pass(5_000);
  expect(started.stores.configMaps.get("shop", second.name)).toBeUndefined();
  const deletions = started.requests.filter((request) => request.startsWith("delete configmaps"));
  started.seePods(pod({ name: "web-1", podIP: "10.0.0.9" }));
  await started.pass(5_000);
  expect(started.requests.filter((request) => request.startsWith("delete configmaps"))).toEqual(deletions);
  await started.stop();
});

test("of a mirror that is gone nothing is remembered when its ConfigMaps follow: one of the same name asks for none of them", async () => {
  const asked: string[] = [];
  const api = fakeApi();
  const stores = createStores(() => []);
  const { listener, of } = createStrays({
    client: {
      get(resource, ref, options) {
        asked.push(ref.name);
        return api.client.get(resource, ref, options);
      },
    },
    stores,
    isOurs: () => true,
  });
  const pass = of(() => Promise.resolve(awaitChange));
  const [first, next] = [mirror({ uid: "1" }), mirror({ uid: "2" })];
  const owned = configMap({ ...second, label: "web-peers", owner: first });
  stores.mirrors.apply(entryOf(first));
  await pass(key);
  stores.mirrors.remove(entryOf(first, "2"));
  listener.mirror({ before: first, after: undefined });
  await pass(key);
  listener.configMap({ before: owned, after: undefined });
  stores.mirrors.apply(entryOf(next, "3"));
  listener.mirror({ before: undefined, after: next });
  await pass(key);
  expect(asked).toEqual([]);
});
