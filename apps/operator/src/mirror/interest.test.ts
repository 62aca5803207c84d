import { describe, expect, test } from "vitest";
import { mirror, pod } from "../testing/objects.ts";
import { createInterests, interestOf, keyOf } from "./interest.ts";

test("the key of a mirror is its namespace and its name", () => {
  expect(keyOf({ namespace: "shop", name: "web-peers" })).toBe("shop/web-peers");
});

test("a mirror takes peers from its own namespace, or from those that it names and no others", () => {
  expect(interestOf(mirror())?.peerNamespaces).toEqual(["shop"]);
  const named = mirror({ spec: { peers: { selector: {}, namespaces: ["office", "attic"] } } });
  expect(interestOf(named)?.peerNamespaces).toEqual(["attic", "office"]);
});

test("a mirror whose spec can't be read is interested in nothing", () => {
  expect(interestOf(mirror({ spec: { items: "none" } }))).toBeUndefined();
});

test("a pod is selected by its labels, wherever it is and whatever it does", () => {
  const interest = interestOf(mirror());
  expect(interest?.selects(pod({ namespace: "office", phase: "Failed" }))).toBe(true);
  expect(interest?.selects(pod({ labels: { app: "db" } }))).toBe(false);
});

describe("interests", () => {
  const keysOf = (interests: Iterable<{ readonly key: string }>) => [...interests].map(({ key }) => key).toSorted();
  const own = mirror({ name: "own" });
  const both = mirror({ name: "both", spec: { peers: { selector: {}, namespaces: ["shop", "office"] } } });

  test("are found by where the peers are, by where the mirror is, and all at once", () => {
    const interests = createInterests();
    interests.replace(undefined, own);
    interests.replace(undefined, both);
    expect(keysOf(interests.ofPeers("shop"))).toEqual(["shop/both", "shop/own"]);
    expect(keysOf(interests.ofPeers("office"))).toEqual(["shop/both"]);
    expect(keysOf(interests.ofMirrors("shop"))).toEqual(["shop/both", "shop/own"]);
    expect(keysOf(interests.ofMirrors("office"))).toEqual([]);
    expect(keysOf(interests.all())).toEqual(["shop/both", "shop/own"]);
  });

  test("that were replaced or taken away are found nowhere", () => {
    const interests = createInterests();
    interests.replace(undefined, both);
    interests.replace(both, mirror({ name: "both" }));
    expect(keysOf(interests.ofPeers("office"))).toEqual([]);
    interests.replace(mirror({ name: "both" }), undefined);
    for (const found of [interests.ofPeers("shop"), interests.ofMirrors("shop"), interests.all()]) {
      expect(keysOf(found)).toEqual([]);
    }
  });
});
