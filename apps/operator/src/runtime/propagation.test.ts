import { fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { type Action, awaitChange, requeueAfter } from "./action.ts";
import { createPropagation } from "./propagation.ts";

/** What a pass does: it takes so long, settles the key or doesn't, and wants something next. */
interface Pass {
  readonly tookMs?: number;
  readonly settles?: "written" | "in sync";
  readonly next?: Action | Error;
  readonly during?: () => void;
}

function start() {
  const clock = fakeClock();
  const shown: number[] = [];
  const propagation = createPropagation({ clock, onShown: (ms) => shown.push(ms) });
  async function pass(key: string, { tookMs = 0, settles, next = awaitChange, during }: Pass = {}): Promise<void> {
    const reconcile = propagation.ofPasses(async () => {
      during?.();
      await clock.advance(tookMs);
      if (settles !== undefined) propagation.settled(key, settles === "written");
      if (next instanceof Error) throw next;
      return next;
    });
    await reconcile(key).catch(() => undefined);
  }
  const received = (key: string) => propagation.received(key);
  return { propagation, received, clock, shown, pass };
}

test("it's counted from the first change that a write shows to its end, and each change once", async () => {
  const { clock, shown, received, pass } = start();
  received("a");
  await clock.advance(30);
  received("a");
  await pass("a", { tookMs: 12, settles: "written" });
  await pass("a", { tookMs: 5, settles: "written" });
  expect(shown).toEqual([42]);
});

test("keys are counted apart", async () => {
  const { clock, shown, received, pass } = start();
  received("a");
  await clock.advance(10);
  received("b");
  await pass("b", { tookMs: 1, settles: "written" });
  await pass("a", { settles: "written" });
  expect(shown).toEqual([1, 11]);
});

test("what comes during a pass is shown by the next", async () => {
  const { clock, shown, received, pass } = start();
  received("a");
  await pass("a", { tookMs: 10, settles: "written", during: () => received("a") });
  await clock.advance(5);
  await pass("a", { settles: "written" });
  expect(shown).toEqual([10, 15]);
});

test.each<[string, Pass]>([
  ["held back", { next: requeueAfter(50) }],
  ["failed", { next: new Error("timeout") }],
])("where a write is %s the time goes on until one shows the change", async (_, undone) => {
  const { clock, shown, received, pass } = start();
  received("a");
  await pass("a", { tookMs: 10, during: () => received("a"), ...undone });
  await clock.advance(50);
  await pass("a", { settles: "written" });
  expect(shown).toEqual([60]);
});

test.each<[string, Pass]>([
  ["nothing was to be written", { settles: "in sync", next: requeueAfter(1_000) }],
  ["nothing can be done before something changes", { next: awaitChange }],
])("where %s the change is not counted, nor with a later one", async (_, last) => {
  const { clock, shown, received, pass } = start();
  received("a");
  await pass("a", last);
  await clock.advance(1_000);
  received("a");
  await pass("a", { tookMs: 7, settles: "written" });
  expect(shown).toEqual([7]);
});

test("changes that find their key waiting are coalesced: for a pass, during one, and where one is to come again", async () => {
  const { propagation, received, pass } = start();
  received("a");
  received("b");
  expect(propagation.coalesced).toBe(0);
  received("a");
  received("a");
  expect(propagation.coalesced).toBe(2);
  // the first of these opens the next pass, the second joins it
  await pass("a", { settles: "written", during: () => [received("a"), received("a")] });
  expect(propagation.coalesced).toBe(3);
  // what is not served yet takes in what came meanwhile
  await pass("a", { next: requeueAfter(50), during: () => received("a") });
  expect(propagation.coalesced).toBe(4);
});
