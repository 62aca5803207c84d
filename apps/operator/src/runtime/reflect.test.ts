import type { WatchEvent } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { reflect } from "./reflect.ts";
import { createStore, type Entry } from "./store.ts";

type Event = WatchEvent<Entry<string>>;

function entry(name: string, version: number): Entry<string> {
  return { namespace: "a", name, resourceVersion: String(version), object: `${name}@${version}` };
}
const init: Event = { type: "init" };
const initApply = (name: string, version: number): Event => ({ type: "initApply", object: entry(name, version) });
const initDone = (version: number): Event => ({ type: "initDone", resourceVersion: String(version) });
const apply = (name: string, version: number): Event => ({ type: "apply", object: entry(name, version) });
const gone = (name: string, version: number): Event => ({ type: "delete", object: entry(name, version) });

/** What the store holds after each of the events, and whenever it is told that a list is in. */
async function play(events: readonly Event[], scope = "a") {
  const store = createStore<string>({ same: (a, b) => a === b, onChange: () => undefined });
  const content: string[] = [];
  const lists: string[] = [];
  const held = () => [...store.all()].toSorted().join(" ");
  async function* watch() {
    for (const event of events) {
      yield event;
      content.push(held());
    }
  }
  await reflect(watch(), store, { scope, onListed: () => lists.push(held()) });
  return { content, lists };
}

test("a list is in the store whole, once it is complete, and what comes after is there at once", async () => {
  const { content, lists } = await play([
    init,
    initApply("x", 1),
    initApply("y", 2),
    initDone(5),
    apply("x", 6),
    gone("y", 7),
  ]);
  expect(content).toEqual(["", "", "", "x@1 y@2", "x@6 y@2", "x@6"]);
  expect(lists).toEqual(["x@1 y@2"]);
});

test("the next list replaces the content when it is complete, and each complete list is told of", async () => {
  const { content, lists } = await play([
    init,
    initApply("x", 1),
    initDone(5),
    apply("z", 6),
    init,
    initApply("y", 8),
    initDone(9),
  ]);
  expect(content.slice(3)).toEqual(["x@1 z@6", "x@1 z@6", "x@1 z@6", "y@8"]);
  expect(lists).toEqual(["x@1", "y@8"]);
});

test("a list that begins anew before it is complete forgets what it had", async () => {
  const { content } = await play([init, initApply("x", 1), init, initApply("y", 2), initDone(5)]);
  expect(content.at(-1)).toBe("y@2");
});

test("a second list does not hold what the first one did", async () => {
  const { content } = await play([init, initApply("x", 1), initDone(5), init, initDone(9)]);
  expect(content.at(-1)).toBe("");
});

test("what we wrote while a list was under way outlives it, what we wrote before does not", async () => {
  const store = createStore<string>({ same: (a, b) => a === b, onChange: () => undefined });
  store.wrote(entry("old", 9));
  async function* watch() {
    yield init;
    store.wrote(entry("new", 7));
    yield initDone(6);
  }
  await reflect(watch(), store, { scope: "", onListed: () => undefined });
  expect([...store.all()]).toEqual(["new@7"]);
});

test("a list of one namespace leaves the others as they are", async () => {
  const store = createStore<string>({ same: (a, b) => a === b, onChange: () => undefined });
  store.apply({ ...entry("x", 1), namespace: "b" });
  store.apply(entry("x", 1));
  async function* watch() {
    yield init;
    yield initDone(6);
  }
  await reflect(watch(), store, { scope: "a", onListed: () => undefined });
  expect([store.size, store.get("b", "x")]).toEqual([1, "x@1"]);
});

test("it ends when the watch ends, and fails when the watch fails", async () => {
  const store = createStore<string>({ same: (a, b) => a === b, onChange: () => undefined });
  async function* failing() {
    yield init;
    throw new Error("the watch broke");
  }
  await expect(reflect(failing(), store, { scope: "", onListed: () => undefined })).rejects.toThrow("the watch broke");
});

test("what comes waits for as long as it's held, in its order, and nothing is read ahead", async () => {
  const store = createStore<string>({ same: (a, b) => a === b, onChange: () => undefined });
  let read = 0;
  async function* watch() {
    for (const version of [1, 2, 3]) {
      read++;
      yield apply("x", version);
    }
  }
  let held: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>();
  const holds: (PromiseWithResolvers<void> | undefined)[] = [Promise.withResolvers<void>(), undefined];
  const ended = reflect(watch(), store, { scope: "a", onListed: () => undefined, hold: () => held?.promise });
  await new Promise(setImmediate);
  expect([read, store.get("a", "x")]).toEqual([1, undefined]);
  // who is released may be held anew at once
  for (const next of holds) {
    const before = held;
    held = next;
    before?.resolve();
    await new Promise(setImmediate);
    if (next !== undefined) expect([read, store.get("a", "x")]).toEqual([1, undefined]);
  }
  await ended;
  expect([read, store.get("a", "x")]).toEqual([3, "x@3"]);
});
