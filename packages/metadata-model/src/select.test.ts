import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pods } from "../test/arbitrary-world.ts";
import { mirror, pod } from "../test/objects.ts";
import type { PodMetadata } from "./pod-metadata.ts";
import { byName, isPeer, selector } from "./select.ts";

describe("a pod is a peer", () => {
  test.each<[string, Partial<PodMetadata>, { Ready: boolean; Running: boolean; All: boolean }]>([
    ["that runs and is ready: always", {}, { Ready: true, Running: true, All: true }],
    ["that runs and isn't ready", { ready: "False" }, { Ready: false, Running: true, All: true }],
    ["whose readiness isn't known", { ready: "Unknown" }, { Ready: false, Running: true, All: true }],
    ["without a Ready condition", { ready: "" }, { Ready: false, Running: true, All: true }],
    ["that is being deleted, though still ready", { terminating: true }, { Ready: false, Running: false, All: true }],
    ["without a node", { phase: "Pending", ready: "", nodeName: "" }, { Ready: false, Running: false, All: true }],
    ["whose phase isn't known", { phase: "Unknown", ready: "False" }, { Ready: false, Running: false, All: true }],
    ["that has succeeded: never", { phase: "Succeeded" }, { Ready: false, Running: false, All: false }],
    ["that has failed: never", { phase: "Failed" }, { Ready: false, Running: false, All: false }],
  ])("%s", (_, fields, expected) => {
    const one = pod(fields);
    expect({ Ready: isPeer(one, "Ready"), Running: isPeer(one, "Running"), All: isPeer(one, "All") }).toEqual(expected);
  });
});

test("peers are ordered by namespace, then name", () => {
  const names = ["b/a", "a/b", "a/a", "a-b/a", "a/a-b"].map((name) => {
    const [namespace = "", local = ""] = name.split("/");
    return { namespace, name: local };
  });
  expect(names.toSorted(byName).map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
    "a/a",
    "a/a-b",
    "a/b",
    "a-b/a",
    "b/a",
  ]);
});

describe("of all pods a mirror selects", () => {
  const mirrorOfTwo = mirror({ peers: { selector: { matchLabels: { app: "web" } }, namespaces: ["shop", "shop-eu"] } });
  const select = selector(mirrorOfTwo);

  test("those of its namespaces that its selector matches and that are peers now, in order", () => {
    const all = [
      pod({ namespace: "shop-eu", name: "a", labels: { app: "web" } }),
      pod({ namespace: "shop", name: "b", labels: { app: "web" } }),
      pod({ namespace: "shop", name: "c", labels: { app: "db" } }),
      pod({ namespace: "elsewhere", name: "d", labels: { app: "web" } }),
      pod({ namespace: "shop", name: "e", labels: { app: "web" }, phase: "Failed" }),
    ];
    expect(select(all).map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(["shop/b", "shop-eu/a"]);
  });

  test("the same, whatever order they come in", () => {
    const shuffled = pods.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
    fc.assert(
      fc.property(shuffled, (all) => {
        expect(select(all)).toEqual(select(all.toReversed()));
      }),
    );
  });

  test("the same again and again, whatever has changed, come and gone since", () => {
    const change = fc.record({
      at: fc.nat(11),
      to: fc.constantFrom<Partial<PodMetadata>>(
        { podIP: "10.9.9.9" },
        { labels: { app: "db" } },
        { phase: "Failed" },
        {},
      ),
      namespace: fc.constantFrom("shop", "shop-eu", "elsewhere"),
      gone: fc.boolean(),
    });
    const web = (at: number, fields: Partial<PodMetadata>) =>
      pod({ name: `web-${at}`, labels: { app: "web" }, ...fields });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 3 }), { minLength: 3 }), (turns) => {
        const goesOn = selector(mirrorOfTwo);
        const all = new Map(Array.from({ length: 9 }, (_, at) => [at, web(at, {})]));
        for (const changes of turns) {
          for (const { at, to, namespace, gone } of changes) {
            if (gone) all.delete(at);
            else all.set(at, web(at, { namespace, ...to }));
          }
          expect(goesOn([...all.values()])).toEqual(selector(mirrorOfTwo)([...all.values()]));
        }
      }),
      { numRuns: 500 },
    );
  });
});
