import { expect, test } from "vitest";
import type { SeenLease } from "../runtime/lease.ts";
import { shardAgenda } from "./agenda.ts";
import { leaseNames } from "./lease-names.ts";

const names = leaseNames("m");

/** The Lease of a shard, of four, that `a` holds and renewed at `seenAt`, in milliseconds. */
const heldByA = (shard: number, seenAt: number): SeenLease => ({
  name: names.shard(shard, 4),
  resourceVersion: "1",
  holder: "a",
  durationMs: 15_000,
  transitions: 0,
  seenAt,
  gone: false,
});

/** What `b` is to do, which holds the other two. */
function agendaAt(now: number, leases: readonly SeenLease[]) {
  const held = new Map([2, 3].map((shard) => [shard, { renewAt: Infinity }]));
  return shardAgenda({
    now,
    identity: "b",
    names,
    count: 4,
    leases,
    held,
    since: 0,
    acquireAt: 0,
    announceAt: Infinity,
  });
}

test("all shards of a replica come into doubt at once, when it has renewed none for 6 s: their pods are listed once", () => {
  const leases = [heldByA(0, 0), heldByA(1, 1_000)];
  expect(agendaAt(6_000, leases)).toMatchObject({ doubted: [], nextAt: 7_000 });
  expect(agendaAt(7_000, leases).doubted).toEqual([0, 1]);
});

test("a shard of one that is silent is taken as soon as it's free, though others of its shards are not yet", () => {
  const leases = [heldByA(0, 0), heldByA(1, 1_000)];
  expect(agendaAt(14_999, leases).acquire).toBeUndefined();
  expect(agendaAt(15_000, leases).acquire).toBe(0);
});

test("one that somebody lost who is there and has fewer is left to him for a second", () => {
  const leases = [heldByA(0, 0), heldByA(1, 14_000)];
  expect(agendaAt(15_000, leases)).toMatchObject({ acquire: undefined, nextAt: 16_000 });
  expect(agendaAt(16_000, leases).acquire).toBe(0);
});
