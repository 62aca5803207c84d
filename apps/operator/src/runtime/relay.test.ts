import { expect, test } from "vitest";
import { createRelay } from "./relay.ts";
import { createStore, type Entry } from "./store.ts";

function start() {
  const store = createStore<string>({ same: Object.is, onChange: () => undefined });
  const lists: string[] = [];
  const relay = createRelay<string>({
    signal: new AbortController().signal,
    onList(commit) {
      commit();
      lists.push(held());
    },
  });
  const held = () => [...store.all()].toSorted().join(" ");

  /** A watch of the scope, told what it tells by the test. */
  function watch(scope: string, source = scope) {
    const runner = relay.start(scope, source);
    const into = runner.into(store);
    const entry = (place: string, version: number): Entry<string> => {
      const [namespace = "", name = ""] = place.split("/");
      return { namespace, name, resourceVersion: String(version), object: `${place}@${version}` };
    };
    return {
      runner,
      begin: () => into.listing(scope),
      list(version: number, ...places: readonly string[]) {
        into.listing(scope);
        into.swap(
          scope,
          places.map((place) => entry(place, version)),
          String(version),
        );
      },
      apply: (place: string, version: number) => into.apply(entry(place, version)),
      remove: (place: string, version: number) => into.remove(entry(place, version)),
      get isHeld() {
        return runner.hold() !== undefined;
      },
    };
  }
  return { relay, watch, held, lists };
}

test("a watch takes its namespace over with its first list, and the one before tells no more", () => {
  const { relay, watch, held } = start();
  const one = watch("a", "one");
  expect(relay.of("a")).toBeUndefined();
  one.list(1, "a/x", "a/y");
  expect([relay.of("a"), relay.of("b")]).toEqual(["one", undefined]);
  const two = watch("a", "two");
  one.apply("a/x", 2);
  expect([relay.of("a"), held(), one.runner.signal.aborted]).toEqual(["one", "a/x@2 a/y@1", false]);
  two.list(3, "a/x");
  one.apply("a/y", 4);
  one.remove("a/x", 4);
  one.list(5);
  expect([relay.of("a"), held(), one.runner.signal.aborted]).toEqual(["two", "a/x@3", true]);
});

test("one of all namespaces takes over from each, and each from it in its own namespace", () => {
  const { relay, watch, held } = start();
  const a = watch("a");
  a.list(1, "a/x");
  const all = watch("", "all");
  all.list(2, "a/x", "b/x");
  expect([relay.of("a"), held(), a.runner.signal.aborted]).toEqual(["all", "a/x@2 b/x@2", true]);
  const b = watch("b");
  b.list(3, "b/y");
  expect([relay.of("a"), relay.of("b"), held()]).toEqual(["all", "b", "a/x@2 b/y@3"]);
  all.apply("b/x", 4);
  all.remove("b/y", 4);
  all.apply("a/x", 4);
  expect(held()).toBe("a/x@4 b/y@3");
  // a list of all of them anew is of the others only
  all.list(5, "a/z", "b/z");
  expect([held(), relay.inCharge.size]).toEqual(["a/z@5 b/y@3", 2]);
});

test("those in charge are held while another lists what they tell of, until it has its list, fails or is given up", () => {
  const { relay, watch } = start();
  const [a, b] = [watch("a"), watch("b")];
  for (const each of [a, b]) each.list(1);
  const next = watch("a");
  expect(a.isHeld).toBe(false);
  next.begin();
  expect([a.isHeld, b.isHeld, next.isHeld]).toEqual([true, false, false]);
  next.runner.pause();
  expect(a.isHeld).toBe(false);
  const all = watch("");
  all.begin();
  expect([a.isHeld, b.isHeld]).toEqual([true, true]);
  relay.abandon("");
  expect([a.isHeld, b.isHeld, all.runner.signal.aborted]).toEqual([false, false, true]);
});

test("who was held is asked again once that changes", async () => {
  const { watch } = start();
  const a = watch("a");
  a.list(1);
  const next = watch("a");
  next.begin();
  const held = a.runner.hold();
  next.list(2);
  await expect(held).resolves.toBeUndefined();
  expect(a.isHeld).toBe(false);
});

test("one that was to take over and is begun anew, or that has ended, writes nothing", () => {
  const { relay, watch, held, lists } = start();
  const [first, second] = [watch("a", "first"), watch("a", "second")];
  first.list(1, "a/x");
  expect([first.runner.signal.aborted, held(), relay.coming.get("a")]).toEqual([true, "", "second"]);
  second.list(2, "a/y");
  relay.end("a");
  second.apply("a/z", 3);
  expect([held(), relay.of("a"), second.runner.signal.aborted, lists]).toEqual(["a/y@2", undefined, true, ["a/y@2"]]);
});
