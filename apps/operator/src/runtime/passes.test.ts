import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { awaitChange } from "./action.ts";
import { createPasses } from "./passes.ts";

/** Passes that each end when they are told to. */
function start() {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const passes = createPasses();
  const reconcile = passes.of(async (key) => {
    const gate = Promise.withResolvers<void>();
    gates.set(key, gate);
    await gate.promise;
    return awaitChange;
  });
  return { passes, reconcile, end: (key: string) => gates.get(key)?.resolve(), fail: (key: string) => gates.get(key) };
}

/** Whether it has resolved by now. */
async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false;
  void promise.then(() => (over = true));
  await setImmediate();
  return over;
}

test("the end of passes is waited for, of those keys that are asked for, and not of those that begin later", async () => {
  const { passes, reconcile, end } = start();
  const [first] = ["a", "b"].map(reconcile);
  const [ofA, ofAll, ofC] = [passes.end((key) => key === "a"), passes.end(), passes.end((key) => key === "c")];
  void reconcile("c");
  expect(await Promise.all([ofA, ofAll, ofC].map(isOver))).toEqual([false, false, true]);
  end("a");
  expect(await first).toEqual(awaitChange);
  expect(await Promise.all([ofA, ofAll].map(isOver))).toEqual([true, false]);
  end("b");
  expect(await isOver(ofAll)).toBe(true);
});

test("a pass that fails has ended, and fails for whoever asked for it", async () => {
  const { passes, reconcile, fail } = start();
  const pass = reconcile("a");
  const ended = passes.end();
  fail("a")?.reject(new Error("away"));
  await expect(pass).rejects.toThrow("away");
  expect(await isOver(ended)).toBe(true);
});
