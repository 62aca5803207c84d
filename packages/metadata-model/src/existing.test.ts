import { describe, expect, test } from "vitest";
import { states, storedByHand } from "../test/fake-api-server.ts";
import { mirror } from "../test/objects.ts";
import { existingShards, movesOf, whereaboutsReader } from "./existing.ts";
import { ownerReference } from "./ownership.ts";

const of = mirror();

/** A ConfigMap of our mirror, with the peers of `placement`, but for what `metadata` says. */
const configMap = (name: string, placement = "", metadata: object = {}) => ({
  metadata: {
    namespace: "shop",
    name,
    annotations: { "metadatamirror.dev/placement": placement },
    ownerReferences: [ownerReference(of)],
    ...metadata,
  },
});
const shards = (...configMaps: ReturnType<typeof configMap>[]) =>
  existingShards(of, states(storedByHand(...configMaps)).toReversed());

test("the shards of a mirror are found by their names, in its namespace, and ordered by index", () => {
  const found = shards(
    configMap("web-peers"),
    configMap("web-peers-2"),
    configMap("web-peers-10"),
    configMap("web-peers-x"),
    configMap("other"),
    configMap("web-peers-1", "", { namespace: "shop-eu" }),
  );
  expect([...found].map(([index, { name }]) => [index, name])).toEqual([
    [0, "web-peers"],
    [2, "web-peers-2"],
    [10, "web-peers-10"],
  ]);
});

describe("a peer is", () => {
  const where = (...some: ReturnType<typeof configMap>[]) => {
    const { held, others } = whereaboutsReader(of)(shards(...some))();
    return { held: Object.fromEntries(held), others: Object.fromEntries(others) };
  };

  test("in the shard whose placement names it, or in several, in whatever order these come", () => {
    const some = [configMap("web-peers-2", "a"), configMap("web-peers-1", "c a"), configMap("web-peers", "a b")];
    expect(where(...some)).toEqual({ held: { a: 2, b: 0, c: 1 }, others: { a: [0, 1] } });
  });

  test("in one that has lost its owner, but not its label", () => {
    const orphaned = { ownerReferences: [], labels: { "metadatamirror.dev/mirror": "web-peers" } };
    expect(where(configMap("web-peers", "a", orphaned)).held).toEqual({ a: 0 });
  });

  test("in none that isn't the mirror's, whatever it says, nor in an empty one", () => {
    const leaving = { deletionTimestamp: "2026-11-23T18:00:00Z" };
    for (const metadata of [{ ownerReferences: [] }, leaving])
      expect(where(configMap("web-peers", "a", metadata)).held).toEqual({});
    expect(where(configMap("web-peers")).held).toEqual({});
  });
});

test("a shard that takes a peer from another one takes, also where it gives one away too; the one that only gives, gives", () => {
  const peers = (...ids: string[]) => ids.map((id) => ({ id }));
  const held = new Map([
    ["a", 0],
    ["b", 0],
    ["c", 1],
    ["d", 3],
  ]);
  const moves = movesOf([peers("a", "new"), peers("b"), peers("c"), peers("d")], held);
  expect(Object.fromEntries(moves)).toEqual({ 0: "gives", 1: "takes", 2: "takes" });
});
