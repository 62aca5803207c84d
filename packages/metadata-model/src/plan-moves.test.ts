import fc from "fast-check";
import { expect, test } from "vitest";
import { apply, type Stored, states } from "../test/fake-api-server.ts";
import { digest, mirror, pod, world } from "../test/objects.ts";
import { planner } from "./plan.ts";
import type { World } from "./world.ts";

const nobody: Stored = new Map();
const of = (peersPerShard: number) => mirror({ output: { peersPerShard, maxShards: 50 } });
const pods = (indexes: readonly number[]) => indexes.map((index) => pod({ name: `web-${index}` }));
const held = (stored: Stored) =>
  states(stored).flatMap(({ placement }) => (placement === "" ? [] : placement.split(" ")));
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

function planOf(perShard: number, fields: Partial<World>, stored: Stored) {
  return planner(of(perShard), digest)(world({ ...fields, existing: states(stored) }));
}

/** Each ConfigMap as it was before or as it is after, as `isNew` says of it. */
function mixed(before: Stored, after: Stored, isNew: (index: number) => boolean): Stored {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return new Map(
    names.flatMap((name, index) => {
      const found = (isNew(index) ? after : before).get(name);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}

test("who reads some shards as they were before a pass and others as they are after it misses no peer that stays", () => {
  const seen = { moves: 0 };
  const change = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    perShard: fc.constantFrom(4, 6, 8),
    stays: fc.infiniteStream(fc.nat({ max: 3 })),
    isNew: fc.infiniteStream(fc.boolean()),
  });
  fc.assert(
    fc.property(change, ({ count, perShard, stays, isNew }) => {
      const fields = { pods: pods(numbers(count).filter(() => stays.next().value === 0)) };
      let stored = apply(planOf(perShard, { pods: pods(numbers(count)) }, nobody), nobody);
      for (let pass = 0; pass < 4; pass++) {
        const after = apply(planOf(perShard, fields, stored), stored);
        const shown = new Set(held(mixed(stored, after, () => isNew.next().value === true)));
        const staying = held(stored).filter((id) => held(after).includes(id));
        expect(staying.filter((id) => !shown.has(id))).toEqual([]);
        seen.moves += held(after).length - new Set(held(after)).size;
        stored = after;
      }
      expect(held(stored)).toHaveLength(fields.pods.length);
    }),
    { numRuns: 300 },
  );
  expect(seen.moves).toBeGreaterThan(100);
});

test("peers stay in both places until they may be let go, and the plan says which ConfigMaps wait for that", () => {
  const full = apply(planOf(4, { pods: pods(numbers(6)) }, nobody), nobody);
  const fields = { pods: pods([0, 1, 4]), mayLetGo: () => false };
  const moved = planOf(4, fields, full);
  const stored = apply(moved, full);
  expect(moved.waiting).toEqual([]);
  expect(held(stored).toSorted()).toEqual(["#web-0", "#web-1", "#web-4", "#web-4"]);

  const again = planOf(4, fields, stored);
  expect([again.create, again.patch, again.remove, again.waiting]).toEqual([[], [], [], ["web-peers-1"]]);
  expect(again.status).toMatchObject({ peerCount: 3, shards: [{ name: "web-peers", peers: 3 }] });

  const last = planOf(4, { ...fields, mayLetGo: (name) => name === "web-peers-1" }, stored);
  expect(last.remove).toMatchObject([{ name: "web-peers-1" }]);
  expect(last.waiting).toEqual([]);
});

test("no peer leaves for a ConfigMap that somebody made immutable", () => {
  const full = apply(planOf(4, { pods: pods(numbers(6)) }, nobody), nobody);
  const frozen: Stored = new Map(
    [...full].map(([name, one]) => [name, name === "web-peers-1" ? { ...one, immutable: true } : one]),
  );
  const fields = { pods: pods(numbers(6)) };
  let stored = frozen;
  for (let pass = 0; pass < 4; pass++) stored = apply(planOf(3, fields, stored), stored);
  expect(new Set(held(stored))).toEqual(new Set(held(full)));
  expect(stored.get("web-peers-1")).toEqual(frozen.get("web-peers-1"));
});

test("a change of a peer that is in both places shows in both", () => {
  const fields = { pods: pods([0, 1, 4]), mayLetGo: () => false };
  const full = apply(planOf(4, { pods: pods(numbers(6)) }, nobody), nobody);
  const stored = apply(planOf(4, fields, full), full);
  const changed = fields.pods.map((one) => (one.name === "web-4" ? { ...one, podIP: "10.0.0.9" } : one));
  expect(planOf(4, { ...fields, pods: changed }, stored).patch.map(({ name }) => name)).toEqual([
    "web-peers",
    "web-peers-1",
  ]);
});
