import { expect, test } from "vitest";
import { after, emptyWorld, keyOf, type World } from "../world/world.ts";
import type { Change } from "../world/change.ts";
import { type Entry, isCalm, schedule } from "./schedule.ts";
import { stage } from "./stage.ts";

function take(seed: number, count: number): readonly Entry[] {
  const entries = schedule({ seed, stage, replicas: 2, slow: false });
  return Array.from({ length: count }, () => entries.next().value);
}

test("the same seed makes the same steps, and another one others", () => {
  expect(take(1, 1_000)).toEqual(take(1, 1_000));
  expect(take(1, 1_000)).not.toEqual(take(2, 1_000));
});

test("steps are counted from 1 without a gap, and each round ends in a quiet point", () => {
  const entries = take(3, 1_350);
  const steps = entries.flatMap((entry) => ("step" in entry ? [entry.step] : []));
  expect(steps).toEqual(steps.map((_, index) => index + 1));
  const rounds = entries.flatMap((entry) => (entry.type === "quiet" ? [entry.round] : []));
  expect(rounds).toEqual([1, 2, 3, 4, 5, 6]);
});

test("something goes wrong in every second round, and in no other", () => {
  let round = 1;
  const disturbed = new Set<number>();
  for (const entry of take(4, 1_350)) {
    if (entry.type === "disturbance") disturbed.add(round);
    if (entry.type === "quiet") round += 1;
  }
  expect([...disturbed]).toEqual([2, 4, 6]);
  expect([1, 2, 3].map(isCalm)).toEqual([true, false, true]);
});

/** Whether the change could happen in the world before it. */
function isPossible(world: World, change: Change): boolean {
  switch (change.subject) {
    case "pod":
      return world.pods.has(keyOf(change.pod)) !== (change.verb === "create");
    case "mirror":
      return world.mirrors.has(keyOf(change.mirror)) !== (change.verb === "create");
    case "grant":
      return world.grants.has(keyOf(change.grant)) !== (change.verb === "create");
    case "stranger":
      return change.verb === "put" || world.strangers.has(keyOf(change.stranger));
    case "edit":
      return world.mirrors.has(change.edit.mirror);
    case "node":
      return world.nodes.has(change.node);
    case "garbage":
      return true;
  }
}

test.each([5, 6, 7])("seed %d: each change is possible in the world that those before it have made", (seed) => {
  let world = emptyWorld(stage.nodes);
  for (const entry of take(seed, 3_000)) {
    if (entry.type !== "change") continue;
    expect(isPossible(world, entry.change), JSON.stringify(entry.change)).toBe(true);
    world = after(world, entry.change);
  }
});

test("all that may happen happens, and the name of a mirror's ConfigMap never changes", () => {
  const kinds = new Set<string>();
  let world = emptyWorld(stage.nodes);
  for (const entry of take(8, 6_000)) {
    if (entry.type === "disturbance") kinds.add(entry.disturbance.type);
    if (entry.type !== "change") continue;
    const { change } = entry;
    kinds.add(`${change.subject} ${change.verb}`);
    if (change.subject === "mirror" && change.verb === "change") {
      expect(change.mirror.configMap).toBe(world.mirrors.get(keyOf(change.mirror))?.configMap);
    }
    world = after(world, change);
  }
  const expected = `
    edit add a key, edit add binary data, edit change a value, edit change the label, edit delete it, edit remove a key,
    edit remove the label, edit remove the owner, edit remove the placement, garbage collect, grant change, grant create,
    grant delete, kill, line, mirror change, mirror create, mirror delete, node change, pause, pause etcd, pod annotate,
    pod create, pod delete, pod label, pod report, pod terminate, restart the API server, roll, stranger delete, stranger put`;
  const names = expected.split(",").map((name) => name.trim());
  expect([...kinds].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(names);
});
