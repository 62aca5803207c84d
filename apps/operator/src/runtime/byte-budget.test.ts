import { fakeClock } from "@metadata-mirror/api-client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createByteBudget } from "./byte-budget.ts";

/** What may be spent at once after a quiet time, in seconds of the rate. */
const burstSeconds = 5;

function start({ perSecond = 4_000, perNamespacePerSecond = 2_000 } = {}) {
  const clock = fakeClock();
  return { clock, budget: createByteBudget({ clock, perSecond, perNamespacePerSecond }) };
}

test("a budget begins full: five seconds' worth go at once, and then it is time to wait", () => {
  const { budget } = start();
  expect(budget.charge("shop", 9_999)).toBe(0);
  expect(budget.charge("shop", 1)).toBe(0);
  expect(budget.charge("shop", 1)).toBeGreaterThan(0);
});

test("who is refused is charged nothing", async () => {
  const { budget, clock } = start();
  budget.charge("shop", 10_000);
  const wait = budget.charge("shop", 10_000);
  expect(budget.charge("shop", 10_000)).toBe(wait);
  await clock.advance(wait);
  expect(budget.charge("shop", 1)).toBe(0);
});

test("an object larger than the budget gets through, and is paid for afterwards", async () => {
  const { budget, clock } = start();
  expect(budget.charge("shop", 30_000)).toBe(0);
  const wait = budget.charge("shop", 1);
  expect(wait).toBe(10_001);
  await clock.advance(wait - 1);
  expect(budget.charge("shop", 1)).toBe(1);
});

test("a quiet time fills the budget to its brim and no further", async () => {
  const { budget, clock } = start();
  budget.charge("shop", 10_000);
  await clock.advance(3_600_000);
  expect(budget.charge("shop", 10_000)).toBe(0);
  expect(budget.charge("shop", 1)).toBe(1);
});

test("one namespace that takes all it can leaves the others theirs", async () => {
  const { budget, clock } = start();
  for (let second = 0; second < 60; second++) {
    for (let tries = 0; tries < 50; tries++) budget.charge("greedy", 1_000);
    for (let part = 0; part < 4; part++) expect(budget.charge("modest", 500)).toBe(0);
    await clock.advance(1_000);
  }
});

test("all namespaces together get no more than the whole, however many they are", async () => {
  const { budget, clock } = start();
  let granted = 0;
  for (let second = 0; second < 60; second++) {
    for (let namespace = 0; namespace < 300; namespace++) if (budget.charge(`n${namespace}`, 100) === 0) granted += 100;
    await clock.advance(1_000);
  }
  expect(granted).toBeGreaterThan(59 * 4_000);
  expect(granted).toBeLessThanOrEqual((59 + burstSeconds) * 4_000 + 100);
});

test("a namespace that owes stays in debt while very many others come and go", async () => {
  const { budget, clock } = start({ perSecond: 1_000_000 });
  budget.charge("shop", 30_000);
  for (let namespace = 0; namespace < 1_000; namespace++) {
    budget.charge(`n${namespace}`, 1);
    await clock.advance(1);
  }
  expect(budget.charge("shop", 1)).toBe(9_001);
});

const charge = fc.record({
  namespace: fc.constantFrom("a", "b", "c"),
  bytes: fc.integer({ min: 1, max: 30_000 }),
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })),
});
const rates = fc.record({
  perSecond: fc.integer({ min: 1, max: 10_000 }),
  perNamespacePerSecond: fc.integer({ min: 1, max: 10_000 }),
});

interface Grant {
  readonly at: number;
  readonly namespace: string;
  readonly bytes: number;
}

/** No stretch of time sees more than a full budget and what came in meanwhile, but for its last object. */
function expectBounded(grants: readonly Grant[], rate: number): void {
  for (const [first, { at: from }] of grants.entries()) {
    let sum = 0;
    for (const { at, bytes } of grants.slice(first)) {
      expect(sum).toBeLessThan(rate * (burstSeconds + (at - from) / 1_000));
      sum += bytes;
    }
  }
}

describe("whatever is charged when", () => {
  test("no stretch of time sees more than the rate and one burst, in all and in each namespace", async () => {
    await fc.assert(
      fc.asyncProperty(rates, fc.array(charge, { maxLength: 60 }), async (rate, charges) => {
        const { budget, clock } = start(rate);
        const grants: Grant[] = [];
        for (const { namespace, bytes, afterMs } of charges) {
          if (afterMs > 0) await clock.advance(afterMs);
          if (budget.charge(namespace, bytes) === 0) grants.push({ at: clock.monotonic(), namespace, bytes });
        }
        expectBounded(grants, rate.perSecond);
        for (const name of ["a", "b", "c"]) {
          expectBounded(
            grants.filter(({ namespace }) => namespace === name),
            rate.perNamespacePerSecond,
          );
        }
      }),
    );
  });

  test("the wait that is answered is enough for who charges next, and no more than a millisecond too long", async () => {
    await fc.assert(
      fc.asyncProperty(rates, fc.array(charge, { maxLength: 30 }), async (rate, charges) => {
        const { budget, clock } = start(rate);
        for (const { namespace, bytes, afterMs } of charges) {
          if (afterMs > 0) await clock.advance(afterMs);
          const wait = budget.charge(namespace, bytes);
          if (wait === 0) continue;
          await clock.advance(wait - 1);
          if (wait > 1) expect(budget.charge(namespace, bytes)).toBeGreaterThan(0);
          await clock.advance(1);
          expect(budget.charge(namespace, bytes)).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
