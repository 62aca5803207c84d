import type { ApiError, Clock } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import { told } from "../fault-log.ts";
import { shardAgenda } from "./agenda.ts";
import { createErrands } from "./errands.ts";
import { createHolds } from "./holds.ts";
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
  /** No other shard is to be had at the moment: what has come may be worked on all at once. */
  readonly onSettled: () => void;
  /** Others who hold these shards may have ended; `isInDoubt` says so by then. */
  readonly onDoubt: (shards: readonly number[]) => void;
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
  /** Whether somebody else holds the shard who may have ended: it may be ours soon. */
  readonly isInDoubt: (shard: number) => boolean;
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
  const holds = createHolds(clock, random);
  const listed = Promise.withResolvers<void>();
  const ended = new AbortController();
  const stopping = AbortSignal.any([options.signal, ended.signal]);
  let alarm = new AbortController();
  let since = Number.POSITIVE_INFINITY;
  let doubted: readonly number[] = [];

  function onFault(fault: ApiError): void {
    log.warn(told(fault), "a Lease could not be read or written, it is tried again");
    options.onFault(fault);
  }
  const requests = createLeaseRequests({ client, namespace, prefix, identity, clock, sightings, onFault });
  const errands = createErrands({
    names,
    count,
    identity,
    clock,
    random,
    requests,
    sightings,
    holds,
    drain,
    onGain(shard) {
      log.info({ shard, of: count, identity }, "holds the shard");
      onChange({ gained: [shard], lost: [] });
    },
    onLose(shard, why) {
      log.info({ shard, of: count, identity }, why);
      onChange({ gained: [], lost: [shard] });
    },
    onDone: () => alarm.abort(),
    stopping,
    ended: ended.signal,
  });
  stopping.addEventListener("abort", () => alarm.abort(), { once: true });

  function doubt(shards: readonly number[]): void {
    const more = shards.filter((shard) => !doubted.includes(shard));
    doubted = shards;
    if (more.length > 0) options.onDoubt(more);
  }

  async function work(): Promise<void> {
    while (!ended.signal.aborted) {
      alarm = new AbortController();
      for (const shard of holds.all.keys())
        if (!holds.has(shard)) errands.lose(shard, "could not renew the shard in time");
      const now = clock.monotonic();
      const agenda = shardAgenda({
        now,
        identity,
        names,
        count,
        leases: sightings.all(),
        held: holds.all,
        since,
        acquireAt: errands.acquireAt,
        announceAt: errands.announceAt,
      });
      errands.follow(agenda);
      doubt(agenda.doubted);
      if (!errands.isAcquiring) options.onSettled();
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
    isInDoubt: (shard) => doubted.includes(shard),
    get held() {
      return holds.present();
    },
    get unrenewedMs() {
      return holds.unrenewedMs();
    },
    listed: listed.promise,
    begin() {
      errands.begin();
      alarm.abort();
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      // it was told of the end of `signal`, and may sleep since
      alarm.abort();
      await working;
      await errands.end();
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
