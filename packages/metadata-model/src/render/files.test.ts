import fc from "fast-check";
import { expect, test } from "vitest";
import { renderFiles } from "./files.ts";

const peer = (namespace: string, name: string, ...paths: string[]) => ({
  // of the namespaces of the tables and of the properties
  own: namespace === "shop" || namespace === "a",
  namespace,
  name,
  items: paths.map((path) => ({ path, text: "x", json: "" })),
});

test("a file is named by the pod and the path, and by the namespace before where that is another", () => {
  expect(renderFiles(peer("shop", "web-1", "podIP", "cpu_limit"))).toEqual({
    entries: [
      { path: "podIP", key: "web-1_podIP", value: "x" },
      { path: "cpu_limit", key: "web-1_cpu_limit", value: "x" },
    ],
    tooLong: [],
  });
  expect(renderFiles(peer("shop-eu", "web-1", "podIP")).entries[0]?.key).toBe("shop-eu__web-1_podIP");
});

test("a file whose name is longer than a key may be comes apart", () => {
  const { entries, tooLong } = renderFiles(peer("shop", "a".repeat(250), "ip", "ipv"));
  expect(entries.map(({ key }) => key.length)).toEqual([253]);
  expect(tooLong.map(({ path, key }) => [path, key.length])).toEqual([["ipv", 254]]);
});

/** Few characters and short, so that names, namespaces and paths are each other's parts. */
const name = fc.string({ unit: fc.constantFrom("a", "b", ".", "-"), minLength: 1, maxLength: 3 });
const path = fc
  .tuple(fc.constantFrom("a", "b"), fc.string({ unit: fc.constantFrom("a", "b", "_", ".", "-"), maxLength: 6 }))
  .map((parts) => parts.join(""));
const file = fc.record({ namespace: name, name, path });

test("no two files of a mirror have one key, whatever the pods, namespaces and paths", () => {
  fc.assert(
    fc.property(fc.uniqueArray(file, { selector: (one) => JSON.stringify(one), minLength: 2 }), (files) => {
      const keys = files.flatMap(({ namespace, name: pod, path: of }) => {
        return renderFiles(peer(namespace, pod, of)).entries.map(({ key }) => key);
      });
      return new Set(keys).size === keys.length;
    }),
    { numRuns: 1000 },
  );
});

test("each key holds an underscore, which no key of an aggregate does", () => {
  fc.assert(
    fc.property(file, ({ namespace, name: pod, path: of }) => {
      return renderFiles(peer(namespace, pod, of)).entries.every(({ key }) => key.includes("_"));
    }),
  );
});
