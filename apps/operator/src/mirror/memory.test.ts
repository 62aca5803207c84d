import { expect, test } from "vitest";
import { mirror } from "../testing/objects.ts";
import { type Memory, recall, refusals } from "./memory.ts";
import { settle, targetOf } from "./target.ts";

const key = "shop/web-peers";

/** Memories that hold one of a mirror that was written. */
function written() {
  const memories = new Map<string, Memory>();
  const memory = recall(memories, key, mirror());
  Object.assign(memory, { writtenAt: 7, statusWrittenAt: 8, behindUntil: 9, lastChangeTime: "2026-11-23T18:00:00Z" });
  return { memories, memory };
}

test("the same mirror has the same memory, with the same planner, which knows what it has rendered", () => {
  const { memories, memory } = written();
  expect(recall(memories, key, mirror({ status: { peerCount: 3 } }))).toBe(memory);
});

test("another generation has another planner, and all else is remembered", () => {
  const { memories, memory } = written();
  const next = recall(memories, key, mirror({ generation: 2 }));
  expect(next.plan).not.toBe(memory.plan);
  expect(next).toEqual({ ...memory, generation: 2, plan: next.plan });
  expect(recall(memories, key, mirror({ generation: 2 }))).toBe(next);
});

test("what was refused of one generation is tried again of the next", () => {
  const { memories, memory } = written();
  const problem = { reason: "Rejected" as const, configMap: "web-peers", message: "too long" };
  settle(targetOf(memory.targets, "web-peers"), { type: "refused", problem }, 7);
  expect(refusals(recall(memories, key, mirror()))).toEqual([problem]);
  expect(refusals(recall(memories, key, mirror({ generation: 2 })))).toEqual([]);
});

test("another mirror of that name has nothing of the one before", () => {
  const { memories } = written();
  const other = recall(memories, key, mirror({ uid: "other" }));
  expect(other).toMatchObject({ uid: "other", writtenAt: undefined, statusWrittenAt: undefined, behindUntil: 0 });
});

test("a mirror whose spec can't be read has a memory, and no plan", () => {
  const memory = recall(new Map(), key, mirror({ spec: { items: [] } }));
  expect(() => memory.plan({} as Parameters<Memory["plan"]>[0])).toThrow("has no plan");
});
