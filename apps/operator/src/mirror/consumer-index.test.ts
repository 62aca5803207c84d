import type { Consumer } from "@metadata-mirror/metadata-model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { consumer } from "../testing/objects.ts";
import { createConsumerIndex } from "./consumer-index.ts";

const envFrom = (name: string) => ({ containers: [{ name: "main", envFrom: [{ configMapRef: { name } }] }] });

test("a pod is found by each ConfigMap that it mounts, refers to or reads", () => {
  const index = createConsumerIndex();
  const mounting = consumer({ name: "mounting", mounts: ["a", "b"] });
  const reading = consumer({ name: "reading", spec: envFrom("b") });
  for (const after of [mounting, reading]) index.replace({ before: undefined, after });
  const found = (namespace: string, configMap: string) => [...index.of(namespace, configMap)].map(({ name }) => name);
  expect([found("shop", "a"), found("shop", "b"), found("shop", "c"), found("office", "a")]).toEqual([
    ["mounting"],
    ["mounting", "reading"],
    [],
    [],
  ]);
  expect([...index.inNamespace("shop")].map(([configMap]) => configMap)).toEqual(["a", "b"]);
  expect([...index.inNamespace("office")]).toEqual([]);
  index.replace({ before: mounting, after: undefined });
  // what is read by env is not held by a volume
  expect([index.mounted("shop", "a"), index.mounted("shop", "b"), found("shop", "b")]).toEqual([
    false,
    false,
    ["reading"],
  ]);
});

test("the property: whatever pods come, change and go, the index finds what a search does", () => {
  const sketch = fc.record({
    namespace: fc.constantFrom("shop", "office"),
    name: fc.constantFrom("x", "y", "z"),
    mounts: fc.subarray(["a", "b", "c"]),
    phase: fc.constantFrom("Running", "Failed"),
    gone: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(sketch, { maxLength: 40 }), (sketches) => {
      const index = createConsumerIndex();
      const all = new Map<string, Consumer>();
      for (const { gone, ...one } of sketches) {
        const key = `${one.namespace}/${one.name}`;
        const before = all.get(key);
        const after = gone ? undefined : consumer(one);
        if (before === undefined && after === undefined) continue;
        index.replace({ before, after });
        if (after === undefined) all.delete(key);
        else all.set(key, after);
        for (const namespace of ["shop", "office"]) {
          const there = [...all.values()].filter((each) => each.namespace === namespace);
          for (const configMap of ["a", "b", "c"]) {
            const refer = there.filter(({ references }) => references.includes(configMap));
            const use = there.filter(({ mounts }) => mounts.some((mount) => mount.configMap === configMap));
            expect(index.mounted(namespace, configMap)).toBe(refer.length > 0);
            expect(new Set(index.of(namespace, configMap))).toEqual(new Set([...refer, ...use]));
          }
          const named = [...index.inNamespace(namespace)].map(([name]) => name).toSorted();
          expect(named).toEqual(
            [...new Set(there.flatMap(({ mounts }) => mounts.map((mount) => mount.configMap)))].toSorted(),
          );
        }
      }
    }),
  );
});
