import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { createSlots } from "./slots.ts";
import { stageOf } from "./stage.ts";

test("as many mirrors and pods as asked for, in namespaces of 100 mirrors, each app of which has its pods", () => {
  const { namespaces, pods, seats } = stageOf({ mirrors: 300, pods: 600 });
  expect([namespaces.length, pods.length, seats.length]).toEqual([3, 600, 300]);
  expect(new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(600);
  expect(new Set(seats.map(({ namespace, app, kind }) => `${namespace}/${app}/${kind}`)).size).toBe(300);
  expect(pods.filter(({ namespace, app }) => namespace === "team-1" && app === "app-7")).toHaveLength(8);
});

test.each([
  [150, 1_000, "give 200"],
  [100, 1_000, "give 200"],
  [200, 1_001, "not 1001"],
])("%i mirrors and %i pods can't be had", (mirrors, pods, words) => {
  expect(() => stageOf({ mirrors, pods })).toThrow(words);
});

test("what is taken is in one hand until it's given back", () => {
  const random = createRandom(1);
  const slots = createSlots([1, 2, 3, 4]);
  const taken = [slots.take(random), slots.take(random), ...slots.takeAll((one) => one > 0)];
  expect(taken.toSorted((a = 0, b = 0) => a - b)).toEqual([1, 2, 3, 4]);
  expect(slots.take(random)).toBeUndefined();
  slots.give(3);
  expect(slots.take(random)).toBe(3);
});
