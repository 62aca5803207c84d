import type { Clock } from "@metadata-mirror/api-client";
import { isHeld, momentOf, type Moment, renewDeadlineMs, retryPeriodMs } from "../runtime/lease.ts";
import { type Agenda, rivalsUntil } from "./agenda.ts";
import { type Holds, nextRenewal } from "./holds.ts";
import type { LeaseNames } from "./lease-names.ts";
import type { LeaseRequests } from "./lease-requests.ts";
import type { Sightings } from "./sightings.ts";

export interface ErrandsOptions {
  readonly names: LeaseNames;
  readonly count: number;
  readonly identity: string;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly requests: LeaseRequests;
  readonly sightings: Sightings;
  readonly holds: Holds;
  /** Resolves once nothing is written for the shard any more. */
  readonly drain: (shard: number) => Promise<void>;
  readonly onGain: (shard: number) => void;
  readonly onLose: (shard: number, why: string) => void;
  /** An errand is done: there may be others. */
  readonly onDone: () => void;
  /** Nothing is taken any more once this has aborted. */
  readonly stopping: AbortSignal;
  /** No shard is waited for any more once this has aborted: nobody writes by then. */
  readonly ended: AbortSignal;
}

/** Does what an agenda asks for. */
export interface Errands {
  /** When the next shard may be asked for, and a replica Lease be written, on the monotonic clock; Infinity: not now. */
  readonly acquireAt: number;
  readonly announceAt: number;
  /** A shard is being taken. */
  readonly isAcquiring: boolean;
  /** Shards may be asked for from now on. */
  readonly begin: () => void;
  /** Begins what is asked for, of removals those that are not under way. */
  readonly follow: (agenda: Agenda) => void;
  /** Gives a shard up that is ours still. */
  readonly lose: (shard: number, why: string) => void;
  /** Resolves once none is under way. */
  readonly end: () => Promise<void>;
}

/** A renewal that failed is tried again after so long, in milliseconds. */
const renewAgainMs = 500;

/** None under way. */
export function createErrands(options: ErrandsOptions): Errands {
  const { names, count, identity, clock, random, requests, sightings, holds, drain, stopping, ended } = options;
  const tasks = new Set<Promise<void>>();
  const removing = new Set<string>();
  let acquireAt = Number.POSITIVE_INFINITY;
  let announceAt = Number.POSITIVE_INFINITY;
  let isAcquiring = false;

  /** When something may be taken that could be at `at`. */
  const unlessStopping = (at: number) => (stopping.aborted ? Number.POSITIVE_INFINITY : at);

  function gain(shard: number, sent: Moment): void {
    holds.keep(shard, sent);
    options.onGain(shard);
  }

  function lose(shard: number, why: string): void {
    if (holds.drop(shard)) options.onLose(shard, why);
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
    isAcquiring = true;
    const name = names.shard(shard, count);
    const sent = momentOf(clock);
    const stored = await requests.take(name);
    const holder = sightings.get(name)?.holder ?? "";
    const isAlone =
      stored && (await requests.look()) && rivalsUntil({ names, count }, sightings.all()) <= clock.monotonic();
    const isOver = stopping.aborted || !isHeld(sent, momentOf(clock));
    if (stored && (!isAlone || isOver)) await requests.release(name);
    const wasTaken = !stored && holder !== "" && holder !== identity;
    const isGained = isAlone && !isOver;
    if (isGained) gain(shard, sent);
    const pauseMs = isGained || wasTaken ? 0 : retryPeriodMs * (1 + 1.2 * random());
    acquireAt = clock.monotonic() + pauseMs;
    isAcquiring = false;
  }

  async function release(shard: number): Promise<void> {
    lose(shard, "gives the shard to a replica that has fewer");
    const drained = drain(shard).then(() => true);
    const waited = clock.sleep(renewDeadlineMs, ended).then(() => ended.aborted);
    // what is written for so long may be written yet when others have it: then it's ours for some time more
    if (await Promise.race([drained, waited])) await requests.release(names.shard(shard, count));
    acquireAt = clock.monotonic();
  }

  async function announce(): Promise<void> {
    const sent = momentOf(clock);
    await requests.take(names.replica(identity, count));
    announceAt = nextRenewal(sent, random);
  }

  async function remove(name: string): Promise<void> {
    removing.add(name);
    await requests.remove(name);
    removing.delete(name);
  }

  function start(task: Promise<void>): void {
    const tracked = task.finally(() => {
      tasks.delete(tracked);
      options.onDone();
    });
    tasks.add(tracked);
  }

  return {
    get acquireAt() {
      return unlessStopping(acquireAt);
    },
    get announceAt() {
      return unlessStopping(announceAt);
    },
    get isAcquiring() {
      return isAcquiring;
    },
    begin() {
      acquireAt = clock.monotonic();
      announceAt = acquireAt;
    },
    lose,
    follow(agenda) {
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
    },
    async end() {
      await Promise.all(tasks);
    },
  };
}
