import fc from "fast-check";
import { expect, test } from "vitest";
import { chance } from "../testing/chance.ts";
import { type Replica, type Replicas, replicas, usualMs } from "../testing/replicas.ts";

/** Keys enough for every shard to have some. */
const keys = Array.from({ length: 24 }, (_, i) => `shop/peers-${i}`);

const faults = ["pause", "resume", "kill", "stop", "cut off", "lose some", "slow", "heal", "start"] as const;
const step = fc.record({
  fault: fc.constantFrom(...faults),
  which: fc.nat({ max: 7 }),
  /** Of a replica that starts: how it counts, and its clock. */
  count: fc.constantFrom(0, 1),
  rate: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
  offset: fc.integer({ min: -100_000, max: 100_000 }),
  afterMs: fc.integer({ min: 10, max: 9_000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function apply(
  { fault, which, count, rate, offset }: Step,
  cluster: Replicas,
  counts: readonly number[],
  number: number,
) {
  const { all } = cluster;
  const replica: Replica | undefined = all[which % Math.max(1, all.length)];
  switch (fault) {
    case "pause":
      return replica?.pause();
    case "resume":
      return replica?.resume();
    case "kill":
      return replica?.kill();
    case "stop":
      return void (replica?.isRunning && replica.stop());
    case "cut off":
      return replica?.network(1, usualMs);
    case "lose some":
      return replica?.network(0.3, 500);
    case "slow":
      return replica?.network(0, 4_000);
    case "heal":
      return replica?.network(0, usualMs);
    case "start": {
      const shards = counts[count] ?? 1;
      return void (all.length < 6 && cluster.start({ identity: `r${number}`, shards, rate, offset }));
    }
  }
}

/** How many replicas own the mirror of each key, at most. */
const owners = (cluster: Replicas) => Math.max(...keys.map((key) => cluster.ownersOf(key).length));

const scenario = fc.record({
  seed: fc.integer(),
  counts: fc.constantFrom([1, 1], [3, 3], [5, 5], [1, 3], [2, 3]),
  steps: fc.array(step, { minLength: 5, maxLength: 25 }),
});

test("whatever is killed, stopped, cut off, slow or counts differently, no mirror has two owners at any time; and once it is calm the replicas that are there share all of them evenly", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ seed, counts, steps }) => {
      const cluster = replicas(chance(seed));
      let most = 0;
      cluster.onTurn(() => {
        most = Math.max(most, owners(cluster));
      });
      for (const i of [0, 1]) cluster.start({ identity: `first-${i}`, shards: counts[0] ?? 1 });
      for (const [i, each] of steps.entries()) {
        await cluster.clock.advance(each.afterMs);
        expect(owners(cluster)).toBeLessThanOrEqual(1);
        apply(each, cluster, counts, i);
      }
      for (const replica of cluster.all) {
        replica.resume();
        replica.network(0, usualMs);
      }
      cluster.start({ identity: "last", shards: counts[0] ?? 1 });
      await cluster.clock.advance(60_000);
      expect(most).toBeLessThanOrEqual(1);
      expectEvenShare(cluster);
    }),
    { numRuns: 30 },
  );
});

/** All replicas of one count, the others none. */
function expectEvenShare({ all }: Replicas): void {
  const working = all.filter(({ ownership }) => ownership.held.length > 0);
  const counts = new Set(working.map(({ shards }) => shards));
  expect([...counts]).toHaveLength(1);
  const [count = 0] = counts;
  const loads = all.filter(({ shards }) => shards === count).map(({ ownership }) => ownership.held.length);
  expect(loads.reduce((sum, load) => sum + load, 0)).toBe(count);
  expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
}
