import { fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createRefusals } from "./refusals.ts";

function start() {
  const clock = fakeClock();
  const turns: string[] = [];
  const refusals = createRefusals({
    clock,
    onTurn: (namespace, keys) => turns.push(`${namespace} ${[...keys].join(" ")}`.trim()),
  });
  return { clock, turns, refusals };
}

test("a namespace that is refused is tried again after 10 s by one pod, and the others wait for it", async () => {
  const { clock, turns, refusals } = start();
  expect([refusals.claim("shop/a"), refusals.isRefused("shop")]).toEqual([0, false]);
  expect([refusals.refuse("shop/a"), refusals.isRefused("shop"), turns]).toEqual([10_000, true, ["shop"]]);
  await clock.advance(4_000);
  expect([refusals.claim("shop/b"), refusals.claim("office/b")]).toEqual([6_000, 0]);
  await clock.advance(6_000);
  expect([refusals.claim("shop/b"), refusals.claim("shop/a")]).toEqual([0, 10_000]);
  refusals.refuse("shop/b");
  expect(turns).toEqual(["shop"]);
});

test("a pod that is taken heals its namespace, and all that have waited are told", () => {
  const { turns, refusals } = start();
  refusals.refuse("shop/a");
  refusals.claim("shop/b");
  refusals.refuse("office/c");
  refusals.heal("shop/a");
  expect([refusals.isRefused("shop"), refusals.isRefused("office"), refusals.claim("shop/b")]).toEqual([
    false,
    true,
    0,
  ]);
  expect(turns).toEqual(["shop", "office", "shop shop/a shop/b"]);
  refusals.heal("shop/a");
  expect(turns).toHaveLength(3);
});

test("a namespace where no pod waits any longer is not refused", () => {
  const { turns, refusals } = start();
  refusals.release("shop/a");
  refusals.refuse("shop/a");
  refusals.claim("shop/b");
  refusals.release("shop/a");
  refusals.release("shop/other");
  expect(refusals.isRefused("shop")).toBe(true);
  refusals.release("shop/b");
  expect(refusals.isRefused("shop")).toBe(false);
  expect(turns).toEqual(["shop", "shop"]);
});
