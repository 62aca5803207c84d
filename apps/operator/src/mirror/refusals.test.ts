import { fakeClock } from "@metadata-mirror/api-client";
import { describe, expect, test } from "vitest";
import { createRefusals } from "./refusals.ts";

function start() {
  const clock = fakeClock();
  const turns: string[] = [];
  const refusals = createRefusals({
    clock,
    onTurn: (namespace, keys) => turns.push(`${namespace} ${[...keys].join(" ")}`.trim()),
  });
  /** The pod is tried where it may be; answers in how many milliseconds it may be again, 0 where it was taken. */
  function attempt(key: string, isTaken: boolean): number {
    const waitMs = refusals.wait(key);
    if (waitMs > 0) return waitMs;
    refusals.claim(key);
    if (!isTaken) return refusals.refuse(key);
    refusals.heal(key);
    refusals.release(key);
    return 0;
  }
  return { clock, turns, refusals, attempt };
}

test("a namespace that is refused is tried again after 10 s by one pod, and the others wait for it", async () => {
  const { clock, turns, refusals } = start();
  expect([refusals.wait("shop/a"), refusals.isRefused("shop"), refusals.isKnown("shop/a")]).toEqual([0, false, false]);
  expect([refusals.refuse("shop/a"), refusals.isRefused("shop"), turns]).toEqual([10_000, true, ["shop"]]);
  await clock.advance(4_000);
  expect([refusals.wait("shop/b"), refusals.wait("office/b"), refusals.isKnown("shop/b")]).toEqual([6_000, 0, true]);
  await clock.advance(6_000);
  expect(refusals.wait("shop/b")).toBe(0);
  refusals.claim("shop/b");
  expect(refusals.wait("shop/c")).toBe(10_000);
  refusals.refuse("shop/b");
  expect(turns).toEqual(["shop"]);
});

test("a pod that is taken heals its namespace, and all that have waited are told", () => {
  const { turns, refusals } = start();
  refusals.refuse("shop/a");
  refusals.wait("shop/b");
  refusals.refuse("office/c");
  refusals.heal("shop/a");
  expect([refusals.isRefused("shop"), refusals.isRefused("office"), refusals.wait("shop/b")]).toEqual([false, true, 0]);
  expect(turns).toEqual(["shop", "office", "shop shop/a shop/b"]);
  refusals.heal("shop/a");
  expect(turns).toHaveLength(3);
});

test("a namespace where no pod waits any longer is not refused", () => {
  const { turns, refusals } = start();
  refusals.release("shop/a");
  refusals.refuse("shop/a");
  refusals.wait("shop/b");
  refusals.release("shop/a");
  refusals.release("shop/other");
  expect(refusals.isRefused("shop")).toBe(true);
  refusals.release("shop/b");
  expect(refusals.isRefused("shop")).toBe(false);
  expect(turns).toEqual(["shop", "shop"]);
});

test("who was refused lets all that were not go first, however early he comes", async () => {
  const { clock, attempt } = start();
  const round = () => [attempt("shop/a", false), attempt("shop/b", false), attempt("shop/c", true)];
  expect(round()).toEqual([10_000, 10_000, 10_000]);
  await clock.advance(10_000);
  // it's b that is tried
  expect(round()).toEqual([10_000, 10_000, 10_000]);
  await clock.advance(10_000);
  expect(round()).toEqual([10_000, 10_000, 0]);
});

test("who was refused takes over after 10 s where none of the others comes", async () => {
  const { clock, attempt, turns } = start();
  expect([attempt("shop/a", false), attempt("shop/b", false)]).toEqual([10_000, 10_000]);
  await clock.advance(10_000);
  expect(attempt("shop/a", true)).toBe(10_000);
  await clock.advance(10_000);
  expect([attempt("shop/a", true), turns]).toEqual([0, ["shop", "shop shop/a shop/b"]]);
});

describe("one pod that is refused by itself", () => {
  test("tried first, holds the others back once, for 10 s", async () => {
    const { clock, turns, refusals, attempt } = start();
    expect([attempt("shop/bad", false), attempt("shop/good", true)]).toEqual([10_000, 10_000]);
    await clock.advance(10_000);
    // it comes first each time
    expect(attempt("shop/bad", false)).toBeGreaterThan(0);
    expect([attempt("shop/good", true), turns]).toEqual([0, ["shop", "shop shop/bad shop/good"]]);
    expect(attempt("shop/bad", false)).toBe(10_000);
    for (let at = 0; at < 20; at++) {
      await clock.advance(10_000);
      expect(attempt("shop/bad", false)).toBe(10_000);
      expect([refusals.isRefused("shop"), refusals.isKnown("shop/bad"), refusals.wait("shop/good")]).toEqual([
        false,
        true,
        0,
      ]);
    }
    expect(turns).toHaveLength(2);
  });

  test("tried after another was taken, holds nobody back, and waits 10 s itself", async () => {
    const { clock, turns, refusals, attempt } = start();
    attempt("shop/good", true);
    await clock.advance(9_000);
    expect([attempt("shop/bad", false), refusals.wait("shop/good")]).toEqual([10_000, 0]);
    await clock.advance(4_000);
    expect(refusals.wait("shop/bad")).toBe(6_000);
    await clock.advance(60_000);
    expect([attempt("shop/bad", false), turns]).toEqual([10_000, []]);
    attempt("shop/good", true);
    await clock.advance(10_000);
    expect([attempt("shop/bad", true), refusals.isKnown("shop/bad"), turns]).toEqual([0, false, []]);
  });
});

describe("a right that is taken away is noticed", () => {
  test("when a pod is refused that has not been, and none was taken for 10 s", async () => {
    const { clock, refusals, attempt } = start();
    attempt("shop/a", true);
    await clock.advance(10_000);
    attempt("shop/b", false);
    expect(refusals.isRefused("shop")).toBe(true);
  });

  test.each([
    ["in the order in which they were taken", ["shop/a", "shop/b"]],
    ["in the other", ["shop/b", "shop/a"]],
  ])("when those that were taken just before are refused too, %s", (_, [first = "", second = ""]) => {
    const { refusals, attempt } = start();
    attempt("shop/a", true);
    attempt("shop/b", true);
    attempt(first, false);
    expect(refusals.isRefused("shop")).toBe(false);
    attempt(second, false);
    expect(refusals.isRefused("shop")).toBe(true);
  });

  test("when the pod that was taken is no more", async () => {
    const { clock, refusals, attempt } = start();
    attempt("shop/good", true);
    attempt("shop/bad", false);
    refusals.forget("shop/good");
    await clock.advance(10_000);
    attempt("shop/bad", false);
    expect(refusals.isRefused("shop")).toBe(true);
  });
});
