import { fakeClock } from "@metadata-mirror/api-client";
import { pino } from "pino";
import { expect, test } from "vitest";
import { awaitChange } from "./runtime/action.ts";
import { createShare } from "./share.ts";
import { leaseServer } from "./testing/lease-server.ts";

const mirrors = Array.from({ length: 40 }, (_, i) => ({ namespace: "shop", name: `peers-${i}` }));

/** Replicas of one API server. */
function cluster(shards: number) {
  const clock = fakeClock(Date.parse("2026-11-23T18:00:00Z"));
  const server = leaseServer(clock);
  /** Starts one, with the names of the mirrors that turned, and how many did at once. */
  function start(identity: string, delay: () => number | undefined = () => 5) {
    const turned: string[] = [];
    const turns: number[] = [];
    const share = createShare({
      client: server.connect({ delay, running: () => Promise.resolve() }),
      config: { namespace: "operators", shards },
      identity,
      clock,
      random: () => 0.5,
      log: pino({ level: "silent" }),
      onTurn(isConcerned) {
        const some = mirrors.filter(isConcerned).map(({ name }) => name);
        turned.push(...some);
        turns.push(some.length);
      },
      onFault: () => undefined,
      signal: new AbortController().signal,
    });
    share.begin();
    return { share, turned, turns, ours: () => mirrors.filter(share.isOurs).map(({ name }) => name) };
  }
  return { clock, start };
}

const names = mirrors.map(({ name }) => name);

test("a mirror turns when its shard comes or goes, and no other", async () => {
  const { clock, start } = cluster(2);
  const a = start("a");
  await clock.advance(1_000);
  expect(a.turned.toSorted()).toEqual(names.toSorted());
  a.turned.splice(0);
  const b = start("b");
  await clock.advance(2_000);
  expect(a.turned).toEqual(b.ours());
  expect(b.turned).toEqual(b.ours());
  expect([...a.ours(), ...b.ours()].toSorted()).toEqual(names.toSorted());
});

test("shards that come one after the other turn at once: pods are not listed anew for each of them", async () => {
  const { clock, start } = cluster(6);
  const a = start("a");
  await clock.advance(1_000);
  expect(a.turns).toEqual([names.length]);
});

test("the pods of mirrors whose replica may have ended are watched before they are ours", async () => {
  const { clock, start } = cluster(2);
  let isCut = false;
  const a = start("a", () => (isCut ? undefined : 5));
  const b = start("b");
  await clock.advance(5_000);
  const theirs = mirrors.filter(({ name }) => a.ours().includes(name));
  expect(theirs.filter(b.share.isFollowed)).toEqual([]);
  isCut = true;
  b.turned.splice(0);
  await clock.advance(9_000);
  expect(theirs.filter(b.share.isFollowed)).toEqual(theirs);
  expect(theirs.filter(b.share.isOurs)).toEqual([]);
  expect(b.turned).toEqual(theirs.map(({ name }) => name));
  await clock.advance(9_000);
  expect(theirs.filter(b.share.isOurs)).toEqual(theirs);
});

test("when a replica ends, its mirrors turn once to be watched, and as soon as each shard is ours to be written", async () => {
  const { clock, start } = cluster(4);
  let isCut = false;
  const a = start("a", () => (isCut ? undefined : 5));
  await clock.advance(1_000);
  const b = start("b");
  await clock.advance(5_000);
  const theirs = mirrors.filter(({ name }) => a.ours().includes(name));
  isCut = true;
  b.turns.splice(0);
  await clock.advance(9_000);
  expect(b.turns).toEqual([theirs.length]);
  b.turns.splice(0);
  await clock.advance(9_000);
  expect(theirs.filter(b.share.isOurs)).toEqual(theirs);
  expect(b.turns).toHaveLength(2);
  expect(b.turns.reduce((sum, count) => sum + count, 0)).toBe(theirs.length);
});

test.each(["ofMirrors", "ofPods"] as const)(
  "a shard is handed over once the pass that is under way has ended (%s), however long that takes",
  async (reconciler) => {
    const { clock, start } = cluster(2);
    const a = start("a");
    await clock.advance(1_000);
    const written = Promise.withResolvers<void>();
    const reconcile = a.share[reconciler](async () => {
      await written.promise;
      return awaitChange;
    });
    const passes = names.map((name) => reconcile(`shop/${name}`));
    const b = start("b");
    await clock.advance(3_000);
    expect(a.ours().length).toBeLessThan(names.length);
    for (let second = 0; second < 30; second++) {
      await clock.advance(1_000);
      expect(b.ours()).toEqual([]);
    }
    written.resolve();
    await Promise.all(passes);
    await clock.advance(12_000);
    expect(b.ours().length).toBeGreaterThan(0);
    expect([...a.ours(), ...b.ours()].toSorted()).toEqual(names.toSorted());
  },
);

test("of one shard who stands by follows all mirrors and keeps none; of several each follows what it keeps", async () => {
  for (const [shards, followed] of [
    [1, names.length],
    [2, 0],
  ] as const) {
    const { clock, start } = cluster(shards);
    const replicas = ["a", "b", "c"].map((identity) => start(identity));
    await clock.advance(5_000);
    const idle = replicas.filter(({ ours }) => ours().length === 0);
    expect(idle).toHaveLength(3 - shards);
    for (const { share } of idle) {
      expect(mirrors.filter(share.isFollowed)).toHaveLength(followed);
      expect(share.leases).toEqual({ shards: 0, unrenewedMs: 0 });
    }
  }
});

test("how old the Leases are that are held is told: none gets as old as 10 s while they can be renewed", async () => {
  const { clock, start } = cluster(3);
  const { share } = start("a");
  await clock.advance(1_000);
  for (let second = 0; second < 20; second++) {
    await clock.advance(1_000);
    expect(share.leases.shards).toBe(3);
    expect(share.leases.unrenewedMs).toBeGreaterThan(0);
    expect(share.leases.unrenewedMs).toBeLessThan(3_000);
  }
});
