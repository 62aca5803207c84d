import { expect, test } from "vitest";
import { fork } from "./fork.ts";
import { createStore } from "./store.ts";

interface Whole {
  readonly text: string;
  readonly count: number | undefined;
}

function start() {
  const told: string[] = [];
  const onChange = (of: string) => () => void told.push(of);
  const texts = createStore<string>({ same: Object.is, onChange: onChange("text") });
  const counts = createStore<number>({ same: Object.is, onChange: onChange("count") });
  const both = fork<Whole, string, number>(
    { store: texts, part: ({ text }) => text },
    { store: counts, part: ({ count }) => count },
  );
  let version = 0;
  const entry = (name: string, text: string, count?: number) => ({
    namespace: "shop",
    name,
    resourceVersion: String(++version),
    object: { text, count },
  });
  const held = () => [[...texts.all()], [...counts.all()]];
  return { both, entry, held, told };
}

test("each store gets its part, and hears of it only where that has changed, the first store first", () => {
  const { both, entry, held, told } = start();
  both.apply(entry("x", "a", 1));
  expect(held()).toEqual([["a"], [1]]);
  both.apply(entry("x", "a", 2));
  both.apply(entry("x", "b", 2));
  expect(held()).toEqual([["b"], [2]]);
  expect(told).toEqual(["text", "count", "count", "text"]);
  both.remove(entry("x", "b", 2));
  expect(held()).toEqual([[], []]);
});

test("an object without a part is in the other store only, and leaves the one when it loses the part", () => {
  const { both, entry, held } = start();
  both.apply(entry("x", "a"));
  both.apply(entry("y", "b", 1));
  expect(held()).toEqual([["a", "b"], [1]]);
  both.apply(entry("y", "b"));
  expect(held()).toEqual([["a", "b"], []]);
});

test("a list replaces both, each with the parts that there are", () => {
  const { both, entry, held } = start();
  both.apply(entry("old", "a", 1));
  both.listing("");
  both.swap("", [entry("x", "b", 2), entry("y", "c")], "9");
  expect(held()).toEqual([["b", "c"], [2]]);
});
