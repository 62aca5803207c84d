import {
  type ApiClient,
  ApiError,
  configMaps,
  describeResource,
  fakeClock,
  nodes,
  pods,
  type WatchOptions,
} from "@metadata-mirror/api-client";
import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createStores } from "./mirror/stores.ts";
import { valueOf } from "./testing/series.ts";
import { awaitChange } from "./runtime/action.ts";
import { fakeApi } from "./testing/fake-api.ts";
import { mirror } from "./testing/objects.ts";
import { createWatching } from "./watching.ts";

type Told = Pick<WatchOptions<unknown>, "onContact" | "onFault">;

/** The mirrors `shop/web-peers` and `shop/theirs`, which is another operator's, and `office/web-peers`; and watches of what they are made from. */
function start() {
  const clock = fakeClock(Date.parse("2026-11-30T01:00:00Z"));
  const { mirrors } = createStores(() => []);
  for (const object of [mirror(), mirror({ name: "theirs" }), mirror({ namespace: "office" })]) {
    const { namespace, name } = object;
    mirrors.apply({ namespace, name, resourceVersion: "1", object });
  }
  const watches = new Map<string, Told>();
  const state = { nodesReadable: true };
  const watch: ApiClient["watch"] = (resource, options) => {
    watches.set(describeResource(resource, { namespace: options.namespace }), options);
    return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) };
  };
  const registry = new Registry();
  const woken: string[] = [];
  const logged: string[] = [];
  const watching = createWatching({
    client: { ...fakeApi().client, watch },
    clock,
    log: pino({ level: "info" }, { write: (line) => void logged.push(line) }),
    registry,
    mirrors,
    isOurs: ({ name }) => name !== "theirs",
    isOpen: () => false,
    nodesReadable: () => state.nodesReadable,
    wake: (key) => woken.push(key),
  });
  const options = { decode: () => undefined, signal: new AbortController().signal };
  watching.client.watch(pods, { ...options, namespace: "shop" });
  for (const resource of [configMaps, nodes]) watching.client.watch(resource, options);
  const of = (name: string) => watches.get(name) ?? expect.fail(`${name} are not watched`);
  const contact = (name: string) => of(name).onContact?.("event", 150_000);
  const fail = (name: string) => of(name).onFault?.(new ApiError("timeout", "it went silent"), 1_000);
  const value = async (series: string) => valueOf(series, await registry.metrics());
  return { clock, state, watching, woken, logged, contact, fail, value };
}

test("a watch that turns stale wakes those of our mirrors that depend on it, and so does its next contact", async () => {
  const { clock, watching, woken, contact, fail, value } = start();
  for (const name of ["pods shop", "configmaps", "nodes"]) contact(name);
  await clock.advance(170_000);
  fail("pods shop");
  await clock.advance(1);
  for (const name of ["configmaps", "nodes"]) contact(name);
  fail("pods shop");
  expect([woken, await value("mirrors_stale")]).toEqual([["shop/web-peers"], 1]);
  expect(watching.staleness(mirror())).toMatchObject({ resource: "pods", lastContact: "2026-11-30T01:00:00Z" });
  expect(watching.staleness(mirror({ namespace: "office" }))).toBeUndefined();
  contact("pods shop");
  expect([woken, await value("mirrors_stale")]).toEqual([["shop/web-peers", "shop/web-peers"], 0]);
  expect(watching.staleness(mirror())).toBeUndefined();
});

test.each([
  [true, 1, 170.001],
  [false, 0, undefined],
])("nodes are stale only where they may be read: %s", async (nodesReadable, lines, age) => {
  const { clock, state, logged, contact, fail, value } = start();
  state.nodesReadable = nodesReadable;
  contact("nodes");
  await clock.advance(170_000);
  fail("nodes");
  await clock.advance(1);
  contact("configmaps");
  fail("nodes");
  expect(logged).toHaveLength(lines);
  expect(await value(`watch_contact_age_seconds{resource="nodes",scope=""}`)).toBe(age);
});

test("a mirror equals the truth up to the last contact of the watch that is behind, and while it waits up to when it was woken", async () => {
  const { clock, watching, contact, value } = start();
  const began = clock.now() / 1_000;
  const key = "shop/web-peers";
  const pass = watching.ofPasses((of) => {
    watching.settled(of);
    return Promise.resolve(awaitChange);
  });
  const freshAt = async () => {
    const at = await value(`mirror_fresh_timestamp_seconds{namespace="shop",mirror="web-peers"}`);
    return at && at - began;
  };
  contact("configmaps");
  await clock.advance(10_000);
  contact("pods shop");
  expect(await freshAt()).toBeUndefined();
  await pass(key);
  expect(await freshAt()).toBe(0);
  contact("configmaps");
  expect(await freshAt()).toBe(10);
  watching.woken(key);
  await clock.advance(10_000);
  for (const name of ["pods shop", "configmaps"]) contact(name);
  expect(await freshAt()).toBe(10);
  await pass(key);
  expect(await freshAt()).toBe(20);
  await clock.advance(500_000);
  expect(await freshAt()).toBe(20);
});
