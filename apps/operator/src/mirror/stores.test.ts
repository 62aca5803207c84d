import { expect, test } from "vitest";
import { entryOf } from "../testing/entries.ts";
import { consumer, pod } from "../testing/objects.ts";
import { createStores } from "./stores.ts";

/** Stores whose first listener throws at pods named `bad`; what the others heard, and what was told of it. */
function rig() {
  const heard: string[] = [];
  const thrown: string[] = [];
  const stores = createStores(
    () => [
      {
        pod({ before, after }) {
          if ((after ?? before)?.name === "bad") throw new TypeError("no");
        },
        consumer() {
          throw new TypeError("never");
        },
      },
      { pod: ({ before, after }) => void heard.push(`${before?.name} -> ${after?.name}`) },
    ],
    (kind, { namespace, name }, error) => thrown.push(`${kind} ${namespace}/${name}: ${String(error)}`),
  );
  return { stores, heard, thrown };
}

test("who throws at a change is told of with the object, and everybody else hears of it as of the next one", () => {
  const { stores, heard, thrown } = rig();
  for (const name of ["bad", "good"]) stores.pods.apply(entryOf(pod({ name })));
  expect(heard).toEqual(["undefined -> bad", "undefined -> good"]);
  expect(thrown).toEqual(["pod shop/bad: TypeError: no"]);
});

test("of a list each change is told of, also those after the one that somebody throws at", () => {
  const { stores, heard, thrown } = rig();
  stores.pods.swap(
    "",
    ["a", "bad", "c"].map((name) => entryOf(pod({ name }))),
    "9",
  );
  expect(heard).toEqual(["undefined -> a", "undefined -> bad", "undefined -> c"]);
  expect(thrown).toEqual(["pod shop/bad: TypeError: no"]);
  expect(stores.pods.size).toBe(3);
});

test("the index of who mounts what follows whoever throws", () => {
  const { stores, thrown } = rig();
  stores.consumers.apply(entryOf(consumer({ name: "web-0", mounts: ["web-peers"] })));
  expect([...stores.consumersOf.of("shop", "web-peers")].map(({ name }) => name)).toEqual(["web-0"]);
  expect(thrown).toEqual(["consumer shop/web-0: TypeError: never"]);
});

test("without somebody who is told, it is thrown", () => {
  const stores = createStores(() => [
    {
      pod() {
        throw new TypeError("no");
      },
    },
  ]);
  expect(() => stores.pods.apply(entryOf(pod({})))).toThrow("no");
});
