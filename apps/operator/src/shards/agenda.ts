import { doubtAfterMs, expiryOf, leaseDurationMs, type SeenLease } from "../runtime/lease.ts";
import type { LeaseNames } from "./lease-names.ts";

/** What a replica knows, all times in milliseconds on its own monotonic clock. */
export interface View {
  readonly now: number;
  readonly identity: string;
  readonly names: LeaseNames;
  /** How many shards there are. */
  readonly count: number;
  readonly leases: Iterable<SeenLease>;
  /** The shards that we hold, and when the Lease of each is to be renewed. */
  readonly held: ReadonlyMap<number, { readonly renewAt: number }>;
  /** When the first list of Leases was in. */
  readonly since: number;
  /** When the next shard may be asked for, and a replica Lease be written; Infinity: not now. */
  readonly acquireAt: number;
  readonly announceAt: number;
}

/** What a replica is to do now. */
export interface Agenda {
  /** The one shard to take now, so that others who take some as well come by theirs. */
  readonly acquire: number | undefined;
  /** The one shard to give up, for somebody who has fewer. */
  readonly release: number | undefined;
  readonly renew: readonly number[];
  /** Says by a Lease of our own that we are there: who holds a shard says so by that. */
  readonly announce: boolean;
  /** Deletes these Leases: our own replica Lease once we hold a shard, and those of replicas that are long gone. */
  readonly remove: readonly string[];
  /** Shards that others hold who may have ended: it's time to list the pods that it takes to work on them. */
  readonly doubted: readonly number[];
  /** When to look again, unless a Lease changes before. */
  readonly nextAt: number;
}

/** Whoever holds more shards than others leaves one that is free to them for so long, in milliseconds: they may be about to end. */
const courtesyMs = 1_000;

/** A replica Lease that expired so long ago is removed by whoever sees it, in milliseconds. */
const sweepAfterMs = 4 * leaseDurationMs;

interface Seat {
  readonly shard: number;
  /** When the shard may be taken; Infinity where it is ours. */
  readonly freeAt: number;
}

/**
 * Which Leases to take, to renew and to give up, so that each shard has one holder and the replicas hold equally many, but for one. A
 * free shard is for whoever holds the fewest; who holds the most gives one up where somebody holds two fewer. Nobody takes a
 * shard while somebody holds one of another count: those are replicas of before or after `--shards` was changed.
 */
export function shardAgenda(view: View): Agenda {
  const { now, held, acquireAt, announceAt, names, identity, count } = view;
  const leases = [...view.leases];
  const seats = seatsOf(view, leases);
  const silentAt = silences(view, leases);
  const loads = loadsOf(view, leases, silentAt);
  const fewest = Math.min(...loads.values());
  const courtesy = held.size > fewest ? courtesyMs : 0;
  const blockedUntil = Math.max(acquireAt, rivalsUntil(view, leases));
  const takeAt = (seat: Seat) => Math.max(seat.freeAt + courtesy, blockedUntil);

  const doubts = doubtsOf(view, leases, silentAt);
  const own = leases.find((lease) => lease.name === names.replica(identity, count) && !lease.gone);
  const announces = count > 1 && held.size === 0;
  const isOver = held.size - fewest >= 2 && isFirstOfMost(loads, identity) && seats.every(({ freeAt }) => freeAt > now);
  return {
    acquire: seats.find((seat) => takeAt(seat) <= now)?.shard,
    release: isOver ? seats.findLast(({ shard }) => held.has(shard))?.shard : undefined,
    renew: [...held].flatMap(([shard, { renewAt }]) => (renewAt <= now ? [shard] : [])),
    announce: announces && announceAt <= now,
    remove: [...(own !== undefined && held.size > 0 ? [own.name] : []), ...longGone(view, leases)],
    doubted: doubts.flatMap(({ shard, at }) => (at <= now ? [shard] : [])),
    nextAt: Math.min(
      ...doubts.map(({ at }) => at).filter((at) => at > now),
      ...seats.map(takeAt).filter((at) => at > now),
      ...[...held.values()].map(({ renewAt }) => renewAt).filter((at) => at > now),
      ...(announces && announceAt > now ? [announceAt] : []),
      ...leases.map(expiryOf).filter((at) => at > now),
    ),
  };
}

/** The shards, beginning at another one for each replica, so that several that start together ask for different ones. */
function seatsOf({ identity, names, count, held, since }: View, leases: readonly SeenLease[]): Seat[] {
  const byName = new Map(leases.map((lease) => [lease.name, lease]));
  const first = identity.split("").reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return Array.from({ length: count }, (_, i) => {
    const shard = (first + i) % count;
    if (held.has(shard)) return { shard, freeAt: Number.POSITIVE_INFINITY };
    const lease = byName.get(names.shard(shard, count));
    // one that is ours already was held by a process before this one, which has ended: else its name would be another
    return { shard, freeAt: lease === undefined || lease.holder === identity ? since : expiryOf(lease) };
  });
}

/** From when on each other replica is in doubt, unless it renews any of its Leases before: all of its shards at once. */
function silences({ identity }: View, leases: readonly SeenLease[]): ReadonlyMap<string, number> {
  const silentAt = new Map<string, number>();
  for (const { holder, seenAt } of leases) {
    if (holder === "" || holder === identity) continue;
    silentAt.set(holder, Math.max(silentAt.get(holder) ?? 0, seenAt + doubtAfterMs));
  }
  return silentAt;
}

/** The shards that others hold, and from when on these are in doubt. */
function doubtsOf({ names, count }: View, leases: readonly SeenLease[], silentAt: ReadonlyMap<string, number>) {
  return leases.flatMap(({ name, holder }) => {
    const role = names.roleOf(name);
    const at = silentAt.get(holder);
    return at !== undefined && role?.type === "shard" && role.count === count ? [{ shard: role.shard, at }] : [];
  });
}

/** How many shards of our count each replica holds that is there and in no doubt, we among them. */
function loadsOf(
  { now, identity, names, count, held }: View,
  leases: readonly SeenLease[],
  silentAt: ReadonlyMap<string, number>,
): Map<string, number> {
  const loads = new Map([[identity, held.size]]);
  for (const lease of leases) {
    if (lease.holder === identity || expiryOf(lease) <= now || (silentAt.get(lease.holder) ?? 0) <= now) continue;
    const role = names.roleOf(lease.name);
    if (role?.count !== count || (role.type === "replica" && lease.gone)) continue;
    loads.set(lease.holder, (loads.get(lease.holder) ?? 0) + (role.type === "shard" ? 1 : 0));
  }
  return loads;
}

/** Until when somebody holds a shard of another count. */
export function rivalsUntil({ names, count }: Pick<View, "names" | "count">, leases: Iterable<SeenLease>): number {
  const rivals = [...leases].filter(({ name, holder }) => {
    const role = names.roleOf(name);
    return holder !== "" && role?.type === "shard" && role.count !== count;
  });
  return Math.max(Number.NEGATIVE_INFINITY, ...rivals.map(expiryOf));
}

/** Of several that hold the most one gives up a shard, not all of them. */
function isFirstOfMost(loads: ReadonlyMap<string, number>, identity: string): boolean {
  const most = Math.max(...loads.values());
  const [first] = [...loads].flatMap(([holder, load]) => (load === most ? [holder] : [])).sort();
  return first === identity;
}

function longGone({ now, identity, names, count }: View, leases: readonly SeenLease[]): string[] {
  return leases.flatMap((lease) => {
    const isReplica = names.roleOf(lease.name)?.type === "replica" && lease.name !== names.replica(identity, count);
    return isReplica && !lease.gone && expiryOf(lease) + sweepAfterMs <= now ? [lease.name] : [];
  });
}
