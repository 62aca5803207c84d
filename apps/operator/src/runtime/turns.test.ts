import fc from "fast-check";
import { expect, test } from "vitest";
import { createTurns, type Turns } from "./turns.ts";

const groupOf = (key: string) => key.split("/")[0] ?? "";

function takeAll(turns: Turns): string[] {
  const taken: string[] = [];
  for (let key = turns.take(); key !== undefined; key = turns.take()) taken.push(key);
  return taken;
}

test("groups take turns, and within a group the first comes first", () => {
  const turns = createTurns(groupOf);
  for (const key of ["a/1", "a/2", "a/3", "b/1", "a/1", "c/1", "b/2"]) turns.add(key);
  expect(turns.size).toBe(6);
  expect(takeAll(turns)).toEqual(["a/1", "b/1", "c/1", "a/2", "b/2", "a/3"]);
  expect([turns.size, turns.has("a/1")]).toEqual([0, false]);
});

test("a group that comes late waits for each of the others once", () => {
  const turns = createTurns(groupOf);
  for (let at = 0; at < 2_000; at++) turns.add(`many/${at}`);
  turns.take();
  turns.add("late/1");
  expect([turns.take(), turns.take()]).toEqual(["many/1", "late/1"]);
});

test("the property: each key that was added comes once, and between two keys of a group every other group that waits has one", () => {
  const step = fc.oneof(
    fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 5 })).map(([group, at]) => `${group}/${at}`),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const turns = createTurns(groupOf);
      const waiting = new Set<string>();
      /** How many keys others have got since a group began to wait for its next. */
      const passedBy = new Map<string, string[]>();
      for (const key of steps) {
        if (key !== undefined) {
          turns.add(key);
          waiting.add(key);
          passedBy.set(groupOf(key), passedBy.get(groupOf(key)) ?? []);
          continue;
        }
        const taken = turns.take();
        if (taken === undefined) {
          expect(waiting.size).toBe(0);
          continue;
        }
        expect(waiting.delete(taken)).toBe(true);
        passedBy.delete(groupOf(taken));
        for (const others of passedBy.values()) {
          others.push(groupOf(taken));
          expect(others).toHaveLength(new Set(others).size);
        }
        if ([...waiting].some((other) => groupOf(other) === groupOf(taken))) passedBy.set(groupOf(taken), []);
        expect(turns.size).toBe(waiting.size);
      }
      expect(takeAll(turns).toSorted()).toEqual([...waiting].toSorted());
    }),
    { numRuns: 1_000 },
  );
});
