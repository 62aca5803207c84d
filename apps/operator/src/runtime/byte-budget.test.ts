import { fakeClock } from "@metadata-mirror/api-client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChargeOptions, createByteBudget } from "./byte-budget.ts";

/** What may be spent at once after a quiet time, in seconds of the rate. */
const burstSeconds = 8;

function start({ perSecond = 4_000, perNamespacePerSecond = 2_000 } = {}) {
  const clock = fakeClock();
  const budget = createByteBudget({ clock, perSecond, perNamespacePerSecond });
  const charge = (namespace: string, bytes: number, options?: ChargeOptions) =>
    budget.charge(namespace, bytes, options).waitMs;
  return { clock, budget, charge };
}

test("a budget begins full: eight seconds' worth go at once, and then it is time to wait", () => {
  const { charge } = start();
  expect(charge("shop", 15_999)).toBe(0);
  expect(charge("shop", 1)).toBe(0);
  expect(charge("shop", 1)).toBeGreaterThan(0);
});

test("who is refused is charged nothing", async () => {
  const { charge, clock } = start();
  charge("shop", 16_000);
  const wait = charge("shop", 10_000);
  await clock.advance(wait);
  expect(charge("shop", 1, { waited: true })).toBe(0);
});

test("an object larger than the budget gets through, and is paid for afterwards", async () => {
  const { charge, clock } = start();
  expect(charge("shop", 36_000)).toBe(0);
  const wait = charge("shop", 1);
  expect(wait).toBe(10_001);
  await clock.advance(wait - 1);
  expect(charge("shop", 1, { waited: true })).toBe(1);
});

test("what is given back can be spent again, and no more than that", () => {
  const { budget, charge } = start();
  const { refund } = budget.charge("shop", 16_000);
  refund();
  expect(charge("shop", 16_000)).toBe(0);
  expect(charge("shop", 1)).toBe(1);
});

test("a quiet time fills the budget to its brim and no further", async () => {
  const { charge, clock } = start();
  charge("shop", 16_000);
  await clock.advance(3_600_000);
  expect(charge("shop", 16_000)).toBe(0);
  expect(charge("shop", 1)).toBe(1);
});

test("those who wait in one namespace have their turns one after the other, and who comes later can't slip in", async () => {
  const { charge, clock } = start();
  charge("shop", 16_000);
  expect([charge("shop", 1_000), charge("shop", 1_000), charge("shop", 1_000)]).toEqual([1, 501, 1_001]);
  await clock.advance(1);
  expect(charge("shop", 1_000)).toBe(1_500);
  expect(charge("shop", 1_000, { waited: true })).toBe(0);
  await clock.advance(500);
  expect(charge("shop", 1_000, { waited: true })).toBe(0);
});

test("turns of those who never came are not kept for them", async () => {
  const { charge, clock } = start();
  charge("shop", 16_000);
  for (let turn = 0; turn < 10; turn++) charge("shop", 1_000);
  await clock.advance(2_000);
  expect(charge("shop", 1_000)).toBeGreaterThan(0);
  await clock.advance(1_000);
  expect(charge("shop", 1_000)).toBe(0);
});

test("all namespaces together get no more than the whole, however many they are", async () => {
  const { charge, clock } = start();
  let granted = 0;
  for (let second = 0; second < 60; second++) {
    for (let namespace = 0; namespace < 300; namespace++) if (charge(`n${namespace}`, 100) === 0) granted += 100;
    await clock.advance(1_000);
  }
  expect(granted).toBeGreaterThan(59 * 4_000);
  expect(granted).toBeLessThanOrEqual((59 + burstSeconds) * 4_000 + 100);
});

test("a namespace that owes stays in debt while very many others come and go", async () => {
  const { charge, clock } = start({ perSecond: 1_000_000 });
  charge("shop", 36_000);
  for (let namespace = 0; namespace < 1_000; namespace++) {
    charge(`n${namespace}`, 1);
    await clock.advance(1);
  }
  expect(charge("shop", 1)).toBe(9_001);
});

describe("urgent charges", () => {
  test("overdraw by one bucket and no more, and their namespace pays it back", async () => {
    const { charge, clock } = start();
    charge("shop", 16_000);
    expect(charge("shop", 1_000)).toBeGreaterThan(0);
    let granted = 0;
    while (charge("shop", 1_000, { urgent: true }) === 0) granted += 1_000;
    expect(granted).toBe(16_000);
    const wait = charge("shop", 1_000, { waited: true });
    expect(wait).toBe(8_001);
    await clock.advance(wait);
    expect(charge("shop", 1_000, { waited: true })).toBe(0);
  });

  test("in a loop are no second budget, neither of one namespace nor of many, and the quiet don't wait for them", async () => {
    const { charge, clock } = start();
    const names = Array.from({ length: 10 }, (_, index) => `greedy-${index}`);
    const granted = new Map(names.map((name) => [name, 0]));
    const seconds = 300;
    for (let tick = 0; tick < seconds * 10; tick++) {
      for (const name of names)
        while (charge(name, 100, { urgent: true }) === 0) granted.set(name, 100 + (granted.get(name) ?? 0));
      // no longer than an object of theirs takes
      if (tick % 10 === 0 && tick > 0) expect(charge("quiet", 100)).toBeLessThanOrEqual(25);
      await clock.advance(100);
    }
    const all = [...granted.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(all).toBeLessThan(4_000 * (seconds + burstSeconds) + 500 * seconds + 4_000 * burstSeconds + 1_000);
    for (const bytes of granted.values()) expect(bytes).toBeLessThan(2_000 * (seconds + 2 * burstSeconds) + 100);
  });
});

interface Writer {
  readonly namespace: string;
  readonly bytes: number;
  readonly everyMs: number;
}

/** What each of the writers waited for its writes, in milliseconds: each asks as often as it says, and comes again when it's told to. */
async function longestWaits(writers: readonly Writer[], durationMs: number) {
  const { charge, clock } = start();
  const states = writers.map((writer) => ({ ...writer, dueAt: 0, since: 0, longest: 0, granted: 0 }));
  for (let now = 0; now < durationMs; now += 1) {
    for (const state of states) {
      if (now < state.dueAt) continue;
      const wait = charge(state.namespace, state.bytes, { waited: state.since < state.dueAt });
      if (wait > 0) {
        state.dueAt = now + wait;
        continue;
      }
      // those who fill their full buckets first are not counted
      if (now > 20_000) state.longest = Math.max(state.longest, now - state.since);
      state.granted += state.bytes;
      state.since = now + state.everyMs;
      state.dueAt = state.since;
    }
    await clock.advance(1);
  }
  // those who wait still
  return states.map((state) => ({ ...state, longest: Math.max(state.longest, durationMs - state.since) }));
}

describe("between namespaces", () => {
  test("one that takes all it can leaves the others theirs", async () => {
    const { charge, clock } = start();
    for (let second = 0; second < 60; second++) {
      for (let tries = 0; tries < 50; tries++) charge("greedy", 1_000);
      for (let part = 0; part < 4; part++) expect(charge("modest", 500)).toBe(0);
      await clock.advance(1_000);
    }
  });

  test("who writes less than the greedy waits for nothing, however many they are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        fc.integer({ min: 100, max: 1_000 }),
        fc.integer({ min: 100, max: 300 }),
        async (count, bytes, own) => {
          const greedy = Array.from({ length: count }, (_, index) => ({
            namespace: `greedy-${index}`,
            bytes,
            everyMs: 0,
          }));
          const quiet = { namespace: "quiet", bytes: own, everyMs: 1_000 };
          const states = await longestWaits([...greedy, quiet], 40_000);
          expect(states.at(-1)?.longest).toBeLessThanOrEqual(0);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("those who take all they can get alike, and all of it", async () => {
    const greedy = Array.from({ length: 5 }, (_, index) => ({
      namespace: `greedy-${index}`,
      bytes: 100 * (index + 1),
      everyMs: 0,
    }));
    const states = await longestWaits(greedy, 80_000);
    const granted = states.map((state) => state.granted);
    const all = granted.reduce((sum, bytes) => sum + bytes, 0);
    expect(all).toBeGreaterThan(4_000 * 79);
    for (const bytes of granted) expect(Math.abs(bytes / all - 1 / 5)).toBeLessThan(0.02);
  });
});

const charge = fc.record({
  namespace: fc.constantFrom("a", "b", "c"),
  bytes: fc.integer({ min: 1, max: 30_000 }),
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })),
});
const rates = fc.record({
  perSecond: fc.integer({ min: 1_000, max: 10_000 }),
  perNamespacePerSecond: fc.integer({ min: 1_000, max: 10_000 }),
});

interface Grant {
  readonly at: number;
  readonly namespace: string;
  readonly bytes: number;
}

/** No stretch of time sees more than a full budget and what came in meanwhile, but for its last object. */
function expectBounded(grants: readonly Grant[], rate: number, burst = burstSeconds): void {
  for (const [first, { at: from }] of grants.entries()) {
    let sum = 0;
    for (const { at, bytes } of grants.slice(first)) {
      expect(sum).toBeLessThan(rate * (burst + (at - from) / 1_000));
      sum += bytes;
    }
  }
}

describe("whatever is charged when", () => {
  test.each([
    ["", {}, burstSeconds],
    [", urgent or not, and what may be overdrawn", { urgent: true }, 2 * burstSeconds],
  ])(
    "no stretch of time sees more than the rate and one burst, in all and in each namespace%s",
    async (_, options, burst) => {
      await fc.assert(
        fc.asyncProperty(rates, fc.array(charge, { maxLength: 60 }), async (rate, charges) => {
          const { charge: ask, clock } = start(rate);
          const grants: Grant[] = [];
          for (const [index, { namespace, bytes, afterMs }] of charges.entries()) {
            if (afterMs > 0) await clock.advance(afterMs);
            const how = index % 2 === 0 ? options : {};
            if (ask(namespace, bytes, how) === 0) grants.push({ at: clock.monotonic(), namespace, bytes });
          }
          if (burst === burstSeconds) expectBounded(grants, rate.perSecond, burst);
          for (const name of ["a", "b", "c"]) {
            expectBounded(
              grants.filter(({ namespace }) => namespace === name),
              rate.perNamespacePerSecond,
              burst,
            );
          }
        }),
      );
    },
  );

  test("the wait that is answered is enough for who comes again, and no more than a millisecond too long", async () => {
    const waited = { waited: true };
    await fc.assert(
      fc.asyncProperty(rates, fc.array(charge, { maxLength: 30 }), async (rate, charges) => {
        const { charge: ask, clock } = start(rate);
        for (const { namespace, bytes, afterMs } of charges) {
          if (afterMs > 0) await clock.advance(afterMs);
          const wait = ask(namespace, bytes, waited);
          if (wait === 0) continue;
          await clock.advance(wait - 1);
          if (wait > 1) expect(ask(namespace, bytes, waited)).toBeGreaterThan(0);
          await clock.advance(1);
          expect(ask(namespace, bytes, waited)).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("all who wait get through when they come as they're told, in the order in which they asked", async () => {
    await fc.assert(
      fc.asyncProperty(rates, fc.array(charge, { minLength: 1, maxLength: 20 }), async (rate, charges) => {
        const { charge: ask, clock } = start(rate);
        ask("a", 8 * rate.perNamespacePerSecond);
        const dues = charges.map(({ bytes }) => clock.monotonic() + ask("a", bytes));
        expect(dues).toEqual(dues.toSorted((one, other) => one - other));
        for (const [index, due] of dues.entries()) {
          await clock.advance(due - clock.monotonic());
          let wait = ask("a", charges[index]?.bytes ?? 0, { waited: true });
          // what all share may be behind what the namespace has
          for (; wait > 0; wait = ask("a", charges[index]?.bytes ?? 0, { waited: true })) {
            expect(rate.perSecond).toBeLessThan(2 * rate.perNamespacePerSecond);
            await clock.advance(wait);
          }
        }
      }),
    );
  });
});
