import type { ApiError, Clock } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import { told } from "../fault-log.ts";
import { isHeld, momentOf, type Moment, renewDeadlineMs, retryPeriodMs } from "../runtime/lease.ts";
import { type Agenda, rivalsUntil, shardAgenda } from "./agenda.ts";
import { createHolds, nextRenewal } from "./holds.ts";
import { leaseNames } from "./lease-names.ts";
import { createLeaseRequests, type LeaseClient } from "./lease-requests.ts";
import { followLeases } from "./lease-watch.ts";
import { createSightings } from "./sightings.ts";
import { shardOf } from "./spread.ts";

export interface OwnershipOptions {
  readonly client: LeaseClient;
  /** Where the Leases are. */
  readonly namespace: string;
  /** What their names begin with: that of the operator, the same for all its replicas. */
  readonly prefix: string;
  /** How many shards there are, the same for all replicas. */
  readonly shards: number;
  /** Our name in Leases: see `identityOf`. No two processes have the same at the same time. */
  readonly identity: string;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  /** Shards came to us or left us; `owns` says so by then. */
  readonly onChange: (change: OwnershipChange) => void;
  /** A request about a Lease failed, and is tried again; it is logged already. */
  readonly onFault: (fault: ApiError) => void;
  /** Resolves once nothing is written for the shard any more, by when others may take it; it's ours no more already. */
  readonly drain: (shard: number) => Promise<void>;
  /** Once it has aborted no shard is taken any more; those that are held are renewed until the disposal. */
  readonly signal: AbortSignal;
}

interface OwnershipChange {
  readonly gained: readonly number[];
  readonly lost: readonly number[];
}

/** Which mirrors this replica works on. */
interface Ownership {
  /**
   * Whether the mirror of this key, `<namespace>/<name>`, is ours at this moment: to be asked right before each write. By our own clock
   * alone, so that a process that was stopped for a while knows that it has lost what it held before it hears of it.
   */
  readonly owns: (key: string) => boolean;
  /** The shards that are ours at this moment. */
  readonly held: readonly number[];
  /** How long ago the Lease was renewed that wasn't for the longest time, of those that we hold, in milliseconds; 0 where we hold none. */
  readonly unrenewedMs: number;
}

export interface LeasedOwnership extends Ownership, AsyncDisposable {
  /** Takes shards from now on: what it takes to work on them is there. */
  readonly begin: () => void;
  /** Resolves once the Leases were listed: never without the right to. */
  readonly listed: Promise<void>;
}

/** A renewal that failed is tried again after so long, in milliseconds. */
const renewAgainMs = 500;

/**
 * Shares the mirrors with the other replicas by a Lease for each shard, as `shardAgenda` says. Takes none before `begin`, gives those it
 * has back when it's disposed of: whatever writes must have ended by then. Without the right to Leases it owns nothing, and goes on trying.
 *
 * No two replicas own a shard at the same time: who writes a Lease says which state of it he has seen, who holds one gives it up
 * after 10 s, and who waits for one waits 15. Of replicas that count shards differently the Leases have different names, so
 * each looks, after it has taken one, whether somebody holds one of another count, and yields.
 */
export function startOwnership(options: OwnershipOptions): LeasedOwnership {
  const { client, namespace, prefix, shards: count, identity, clock, random, log, onChange, drain } = options;
  const names = leaseNames(prefix);
  const sightings = createSightings(() => clock.monotonic());
  function onFault(fault: ApiError): void {
    log.warn(told(fault), "a Lease could not be read or written, it is tried again");
    options.onFault(fault);
  }
  const requests = createLeaseRequests({ client, namespace, prefix, identity, clock, sightings, onFault });
  const holds = createHolds(clock, random);
  const listed = Promise.withResolvers<void>();
  const tasks = new Set<Promise<void>>();
  const removing = new Set<string>();
  const ended = new AbortController();
  let alarm = new AbortController();
  let since = Number.POSITIVE_INFINITY;
  let acquireAt = Number.POSITIVE_INFINITY;
  let announceAt = Number.POSITIVE_INFINITY;

  const isStopping = () => options.signal.aborted || ended.signal.aborted;
  /** When something may be taken that could be at `at`. */
  const unlessStopping = (at: number) => (isStopping() ? Number.POSITIVE_INFINITY : at);

  function stop(): void {
    acquireAt = Number.POSITIVE_INFINITY;
    announceAt = Number.POSITIVE_INFINITY;
    alarm.abort();
  }
  for (const signal of [options.signal, ended.signal]) signal.addEventListener("abort", stop, { once: true });

  function gain(shard: number, sent: Moment): void {
    holds.keep(shard, sent);
    log.info({ shard, of: count, identity }, "holds the shard");
    onChange({ gained: [shard], lost: [] });
  }

  function lose(shard: number, why: string): void {
    if (!holds.drop(shard)) return;
    log.info({ shard, of: count, identity }, why);
    onChange({ gained: [], lost: [shard] });
  }

  async function renew(shard: number): Promise<void> {
    const sent = momentOf(clock);
    const stored = await requests.renew(names.shard(shard, count));
    // an answer that comes too late is no renewal: who counts differently may have taken us for gone
    if (!holds.has(shard)) return;
    if (stored) holds.keep(shard, sent);
    else if (sightings.get(names.shard(shard, count))?.holder === identity)
      holds.renewAt(shard, clock.monotonic() + renewAgainMs);
    else lose(shard, "the shard was taken by another replica");
  }

  async function acquire(shard: number): Promise<void> {
    const name = names.shard(shard, count);
    const sent = momentOf(clock);
    const stored = await requests.take(name);
    const holder = sightings.get(name)?.holder ?? "";
    const isAlone =
      stored && (await requests.look()) && rivalsUntil({ names, count }, sightings.all()) <= clock.monotonic();
    const isOver = isStopping() || !isHeld(sent, momentOf(clock));
    if (stored && (!isAlone || isOver)) await requests.release(name);
    const wasTaken = !stored && holder !== "" && holder !== identity;
    const isGained = isAlone && !isOver;
    if (isGained) gain(shard, sent);
    const pauseMs = isGained || wasTaken ? 0 : retryPeriodMs * (1 + 1.2 * random());
    acquireAt = unlessStopping(clock.monotonic() + pauseMs);
  }

  async function release(shard: number): Promise<void> {
    lose(shard, "gives the shard to a replica that has fewer");
    await Promise.race([drain(shard), clock.sleep(renewDeadlineMs, ended.signal)]);
    await requests.release(names.shard(shard, count));
    acquireAt = unlessStopping(clock.monotonic());
  }

  async function announce(): Promise<void> {
    const sent = momentOf(clock);
    await requests.take(names.replica(identity, count));
    announceAt = unlessStopping(nextRenewal(sent, random));
  }

  async function remove(name: string): Promise<void> {
    removing.add(name);
    await requests.remove(name);
    removing.delete(name);
  }

  function start(task: Promise<void>): void {
    const tracked = task.finally(() => {
      tasks.delete(tracked);
      alarm.abort();
    });
    tasks.add(tracked);
  }

  function follow(agenda: Agenda): void {
    for (const shard of agenda.renew) {
      holds.renewAt(shard, Number.POSITIVE_INFINITY);
      start(renew(shard));
    }
    // one shard comes or goes at a time
    if (agenda.acquire !== undefined || agenda.release !== undefined) acquireAt = Number.POSITIVE_INFINITY;
    if (agenda.acquire !== undefined) start(acquire(agenda.acquire));
    if (agenda.release !== undefined) start(release(agenda.release));
    if (agenda.announce) {
      announceAt = Number.POSITIVE_INFINITY;
      start(announce());
    }
    for (const name of agenda.remove) if (!removing.has(name)) start(remove(name));
  }

  async function work(): Promise<void> {
    while (!ended.signal.aborted) {
      alarm = new AbortController();
      for (const shard of holds.all.keys()) if (!holds.has(shard)) lose(shard, "could not renew the shard in time");
      const now = clock.monotonic();
      const agenda = shardAgenda({
        now,
        identity,
        names,
        count,
        leases: sightings.all(),
        held: holds.all,
        since,
        acquireAt,
        announceAt,
      });
      follow(agenda);
      const waitMs = Math.min(agenda.nextAt, holds.lapsesAt()) - now;
      await clock.sleep(Math.min(Math.max(waitMs, 1), longestSleepMs), alarm.signal);
    }
  }

  const watching = followLeases({
    client,
    namespace,
    prefix,
    sightings,
    onFault,
    onListed() {
      since = Math.min(since, clock.monotonic());
      listed.resolve();
    },
    onChange: () => alarm.abort(),
    signal: ended.signal,
  });
  const working = work();

  return {
    owns: (key) => holds.has(shardOf(key, count)),
    get held() {
      return holds.present();
    },
    get unrenewedMs() {
      return holds.unrenewedMs();
    },
    listed: listed.promise,
    begin() {
      acquireAt = unlessStopping(clock.monotonic());
      announceAt = acquireAt;
      alarm.abort();
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      await working;
      await Promise.all(tasks);
      const shards = [...holds.all.keys()];
      for (const shard of shards) holds.drop(shard);
      const own = sightings.get(names.replica(identity, count));
      await Promise.all([
        ...shards.map((shard) => requests.release(names.shard(shard, count))),
        ...(own === undefined || own.gone ? [] : [requests.remove(own.name)]),
      ]);
      await watching;
    },
  };
}

/** Timers take no more than 24 days. */
const longestSleepMs = 60_000;
