import { expect, test } from "vitest";
import { placesOf } from "./places.ts";

const mirror = (namespace: string, app: string, name: string) => ({ namespace, app, name });

test("the mirrors of an app are its places, in their order, with all their shards", () => {
  const { count, placeOf } = placesOf([
    mirror("a", "web", "web-for-x"),
    mirror("a", "api", "api-for-x"),
    mirror("a", "web", "web-for-y"),
    mirror("a", "api", "api-for-y"),
  ]);
  expect(count).toBe(2);
  expect(["web-for-x", "web-for-y", "api-for-y", "api-for-x-12"].map((name) => placeOf("a", name))).toEqual([
    0, 1, 1, 0,
  ]);
});

test("a ConfigMap of no mirror has none", () => {
  const { placeOf } = placesOf([mirror("a", "web", "peers")]);
  expect([placeOf("b", "peers"), placeOf("a", "others"), placeOf("a", "peers-1-1")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
