import { expect, test } from "vitest";
import { awaitChange } from "../runtime/action.ts";
import { createProofs } from "./proofs.ts";

const key = "shop/web-peers";

/** Proofs of mirrors that are told of everything up to `now`, and a pass that does as it's told. */
function start() {
  const state = { now: 100, kept: true };
  const proofs = createProofs({ toldUntil: () => state.now, isKept: () => state.kept });
  async function pass(during: () => void | Promise<void> = () => proofs.settled(key)): Promise<void> {
    const reconcile = proofs.ofPasses(async () => {
      await during();
      return awaitChange;
    });
    await reconcile(key).catch(() => undefined);
  }
  const at = (now: number) => {
    state.now = now;
    return proofs.until(key);
  };
  return { state, proofs, pass, at };
}

test("of a mirror that no pass has settled nothing is known", async () => {
  const { proofs, pass, at } = start();
  expect(at(100)).toBeUndefined();
  proofs.woken(key);
  expect(at(110)).toBeUndefined();
  await pass(() => undefined);
  expect(at(120)).toBeUndefined();
  await pass();
  expect(at(130)).toBe(130);
});

test("a settled mirror is as fresh as what it is told, without a pass", async () => {
  const { pass, at } = start();
  await pass();
  expect([at(110), at(200), at(200)]).toEqual([110, 200, 200]);
});

test("from when it is woken to when a pass settles it, it is what it was then", async () => {
  const { state, proofs, pass, at } = start();
  await pass();
  state.now = 150;
  proofs.woken(key);
  state.now = 160;
  proofs.woken(key);
  expect(at(170)).toBe(150);
  await pass();
  expect(at(180)).toBe(180);
});

test("what is told while a pass is under way waits for the next, and what it began with is settled", async () => {
  const { state, proofs, pass, at } = start();
  await pass();
  proofs.woken(key);
  state.now = 200;
  await pass(() => {
    state.now = 210;
    proofs.woken(key);
    proofs.settled(key);
  });
  expect(at(220)).toBe(200);
  await pass();
  expect(at(230)).toBe(230);
});

test.each([
  ["holds something back", () => undefined],
  ["fails", () => Promise.reject(new Error("no"))],
])("a pass that %s settles nothing, also where nobody had woken it", async (_, during) => {
  const { state, pass, at } = start();
  await pass();
  state.now = 300;
  await pass(during);
  expect(at(310)).toBe(300);
  await pass(during);
  expect(at(320)).toBe(300);
});

test("of a mirror that is gone, or another's, nothing is remembered", async () => {
  const { state, proofs, pass, at } = start();
  await pass();
  state.kept = false;
  await pass();
  state.kept = true;
  expect(at(200)).toBeUndefined();
  proofs.woken(key);
  expect(at(210)).toBeUndefined();
});
