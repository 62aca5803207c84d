import { expect, test } from "vitest";
import { type Change, createStore, type Entry } from "./store.ts";

/** An entry of namespace `a` unless the name says another, as in `b/x`; its object is a text. */
function entry(name: string, version: number, object = `${name}@${version}`): Entry<string> {
  const [namespace = "", own = ""] = name.includes("/") ? name.split("/") : ["a", name];
  return { namespace, name: own, resourceVersion: String(version), object };
}

function start() {
  const changes: Change<string>[] = [];
  const store = createStore<string>({ same: (a, b) => a === b, onChange: (change) => changes.push(change) });
  return { store, changes, content: () => [...store.all()].toSorted() };
}

test("a new store is empty", () => {
  const { store, content } = start();
  expect([content(), store.size, store.get("a", "x"), [...store.inNamespace("a")]]).toEqual([[], 0, undefined, []]);
});

test("what is applied is there until it is removed, in its namespace and in all of them", () => {
  const { store, changes, content } = start();
  store.apply(entry("x", 1));
  store.apply(entry("b/x", 2));
  store.apply(entry("x", 3));
  expect([store.get("a", "x"), store.get("b", "x"), store.get("c", "x")]).toEqual(["x@3", "b/x@2", undefined]);
  expect([store.size, content(), [...store.inNamespace("b")]]).toEqual([2, ["b/x@2", "x@3"], ["b/x@2"]]);
  store.remove(entry("x", 4));
  expect([store.size, content()]).toEqual([1, ["b/x@2"]]);
  expect(changes).toEqual([
    { before: undefined, after: "x@1" },
    { before: undefined, after: "b/x@2" },
    { before: "x@1", after: "x@3" },
    { before: "x@3", after: undefined },
  ]);
});

test("the version of an object is that at which it was last told to be the same, and of one that was replaced there is none", () => {
  const { store } = start();
  store.apply(entry("x", 1, "x"));
  store.apply(entry("x", 3, "x"));
  expect([store.versionOf("a", "x", "x"), store.versionOf("b", "x", "x")]).toEqual(["3", undefined]);
  store.wrote(entry("x", 4, "other"));
  expect([store.versionOf("a", "x", "x"), store.versionOf("a", "x", "other")]).toEqual([undefined, "4"]);
});

test("the list of a namespace is the same one until something in it changes, and is never changed itself", () => {
  const { store } = start();
  store.apply(entry("x", 1));
  store.apply(entry("b/x", 1));
  const [first, other] = [store.inNamespace("a"), store.inNamespace("b")];
  store.apply(entry("x", 2, "x@1"));
  expect(store.inNamespace("a")).toBe(first);
  store.apply(entry("x", 3));
  store.apply(entry("y", 3));
  const second = store.inNamespace("a");
  store.remove(entry("x", 4));
  expect([first, second, store.inNamespace("a")]).toEqual([["x@1"], ["x@3", "y@3"], ["y@3"]]);
  expect(store.inNamespace("b")).toBe(other);
});

test("nobody is told of a new version that is the same to every reader, and the old object stays", () => {
  const changes: Change<{ value: number }>[] = [];
  const store = createStore<{ value: number }>({
    same: (a, b) => a.value === b.value,
    onChange: (change) => changes.push(change),
  });
  const first = { value: 1 };
  store.apply({ namespace: "a", name: "x", resourceVersion: "1", object: first });
  store.apply({ namespace: "a", name: "x", resourceVersion: "2", object: { value: 1 } });
  store.swap("", [{ namespace: "a", name: "x", resourceVersion: "3", object: { value: 1 } }], "3");
  expect(store.get("a", "x")).toBe(first);
  expect(changes).toHaveLength(1);
});

test("a version that is the same counts as seen: what is older is ignored", () => {
  const { store } = start();
  store.apply(entry("x", 1, "same"));
  store.apply(entry("x", 5, "same"));
  store.apply(entry("x", 3, "older"));
  expect(store.get("a", "x")).toBe("same");
});

test("nobody is told of the removal of what was not there", () => {
  const { store, changes } = start();
  store.remove(entry("x", 1));
  expect(changes).toEqual([]);
});

test("a write of our own is shown at once, and events from before it change nothing", () => {
  const { store, changes } = start();
  store.apply(entry("x", 1));
  store.wrote(entry("x", 5));
  store.apply(entry("x", 3));
  store.remove(entry("x", 4));
  expect(store.get("a", "x")).toBe("x@5");
  store.apply(entry("x", 5));
  expect(changes).toHaveLength(2);
  store.remove(entry("x", 6));
  expect(store.size).toBe(0);
});

test("who is told of a change learns whether it is what a write of our own was to lead to", () => {
  const { store, changes } = start();
  store.apply(entry("x", 1));
  store.wrote(entry("x", 5), true);
  store.wrote(entry("x", 6), false);
  store.apply(entry("x", 7));
  expect(changes.map(({ intended = false }) => intended)).toEqual([false, true, false, false]);
});

test("a write that is answered after the watch has told of a later one changes nothing", () => {
  const { store } = start();
  store.apply(entry("x", 7));
  store.wrote(entry("x", 5));
  expect(store.get("a", "x")).toBe("x@7");
});

test("a write that is answered after the watch has told of the object's end does not bring it back", () => {
  const { store } = start();
  store.apply(entry("x", 1));
  store.remove(entry("x", 6));
  store.wrote(entry("x", 5));
  expect(store.size).toBe(0);
});

test("a write that is answered late does not bring an ended object back after a list of another namespace has begun either", () => {
  const { store } = start();
  store.remove(entry("x", 6));
  store.listing("b");
  store.wrote(entry("x", 5));
  expect(store.size).toBe(0);
});

test("an object that left a selector, and is read again as it was then, is there", () => {
  const { store } = start();
  store.apply(entry("x", 1));
  store.remove(entry("x", 6));
  store.wrote(entry("x", 6));
  expect(store.get("a", "x")).toBe("x@6");
});

test("an object that ended and was made anew is there, whoever tells first", () => {
  const { store } = start();
  store.remove(entry("x", 6));
  store.wrote(entry("x", 7));
  store.remove(entry("y", 6));
  store.apply(entry("y", 8));
  expect([store.get("a", "x"), store.get("a", "y")]).toEqual(["x@7", "y@8"]);
});

test("a list replaces all that is in its scope: readers who are told of a change see all of it already", () => {
  const seen: string[][] = [];
  const store = createStore<string>({
    same: (a, b) => a === b,
    onChange: () => seen.push([...store.all()].toSorted()),
  });
  store.swap("", [entry("x", 1), entry("y", 2)], "9");
  store.listing("");
  expect(store.size).toBe(2);
  store.swap("", [entry("y", 10), entry("b/z", 11)], "12");
  expect(seen).toEqual([
    ["x@1", "y@2"],
    ["x@1", "y@2"],
    ["b/z@11", "y@10"],
    ["b/z@11", "y@10"],
    ["b/z@11", "y@10"],
  ]);
});

test("a list of one namespace leaves the others alone, even one whose name begins alike", () => {
  const { store, content } = start();
  for (const name of ["a/x", "ab/x", "b/x"]) store.apply(entry(name, 1, name));
  store.wrote(entry("ab/w", 8, "ab/w"));
  store.listing("a");
  store.swap("a", [entry("a/y", 2, "a/y")], "7");
  expect(content()).toEqual(["a/y", "ab/w", "ab/x", "b/x"]);
  store.swap("ab", [], "7");
  expect(content()).toEqual(["a/y", "ab/w", "b/x"]);
});

test("what we wrote while a list was under way stays, though it is not in it or older there", () => {
  const { store, content } = start();
  store.apply(entry("x", 1));
  store.listing("");
  store.wrote(entry("x", 8));
  store.wrote(entry("new", 9));
  store.swap("", [entry("x", 1)], "7");
  expect(content()).toEqual(["new@9", "x@8"]);
});

test("what we wrote while a list was under way goes where the list is newer and lacks it", () => {
  const { store } = start();
  store.listing("");
  store.wrote(entry("x", 8));
  store.swap("", [], "10");
  expect(store.size).toBe(0);
});

test("what we wrote before a list began is as any other: what the list lacks is gone", () => {
  const { store, content } = start();
  store.wrote(entry("x", 8));
  store.listing("");
  store.swap("", [], "7");
  expect(content()).toEqual([]);
});

test("a cluster that lost its newest data replaces what was known, and goes on with its lower versions", () => {
  const { store, content } = start();
  store.swap("", [entry("x", 100), entry("y", 110)], "200");
  store.remove(entry("y", 210));
  store.listing("");
  store.swap("", [entry("x", 50), entry("z", 60)], "70");
  expect(content()).toEqual(["x@50", "z@60"]);
  store.apply(entry("x", 80));
  store.wrote(entry("y", 90));
  expect(content()).toEqual(["x@80", "y@90", "z@60"]);
});
