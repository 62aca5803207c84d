import { randomUUID } from "node:crypto";
import { type ApiClient, type Clock, systemClock } from "@metadata-mirror/api-client";
import type { Authority, Login } from "@metadata-mirror/control-plane";
import { type FaultProxy, startFaultProxy } from "@metadata-mirror/fault-proxy";
import { startOperator } from "../support.ts";
import { type ClientSettings, type CountingClient, createClient } from "./counting-client.ts";
import type { Time } from "./history.ts";
import { observe } from "./observer.ts";
import type { Phase } from "./rows.ts";
import { truthOf } from "./truth.ts";
import { violations } from "./violations.ts";
import { createWorld, type World } from "./world.ts";

/** What the cases share. */
export interface Stage {
  /** Goes to the API server directly. */
  readonly client: ApiClient;
  readonly login: Login;
  readonly authority: Authority;
}

/** What a fault is made with. */
export interface Means {
  readonly proxy: FaultProxy;
  readonly clock: WrongClock;
  readonly world: World;
  /** How many faults the operator's watches have told of. */
  readonly faults: () => number;
}

/** A wall clock that can be put wrong. */
interface WrongClock extends Clock {
  offsetMs: number;
}

/** What goes wrong in a case. */
export interface Trouble extends ClientSettings {
  readonly begin: (means: Means) => Promise<Ongoing>;
  readonly phase: Phase;
  /** Connects by the proxy's name. */
  readonly byName?: boolean;
  /** Takes a Lease, which is in the case's own namespace. */
  readonly leases?: boolean;
  /** How much longer than usual the ConfigMaps may take. */
  readonly extraMs?: number;
  /** What is allowed beyond what always is. */
  readonly withoutNodes?: boolean;
  readonly timeTravel?: boolean;
}

/** A fault that has begun. */
export interface Ongoing {
  /** Resolves when the API server can be reached directly. */
  readonly reachable?: Promise<void>;
  /** Whether it has struck so that the operator must have noticed. */
  readonly hasStruck: () => boolean;
  readonly lift: () => Promise<void>;
}

/** How long it may take until an operator that nothing is wrong with has done its work, in milliseconds: far more than it does. */
const calmMs = 40_000;
/** How long a fault is on at least, in milliseconds: long enough for a write that's wrong. */
const leastMs = 700;
/** How long it may take from the end of a fault on, in milliseconds. */
const recoveryMs = 5_000;
/** How much of that is left to an operator that has waited a pause out. */
const afterPauseMs = 2_500;
/**
 * As long as an operator may take from its start until all is written, in milliseconds, on a machine that has time for it. Where it takes
 * longer, all deadlines are longer by as much.
 */
const usualStartMs = 1_000;

/**
 * Runs one case: an operator in sync, or one that is to start, a fault, changes while it is on, its end once it has struck. Answers how long
 * the ConfigMaps took from there to be as they must be, in milliseconds.
 *
 * @throws when that takes too long, when anything that was written meanwhile was wrong, or when it doesn't follow what changes afterwards.
 */
export async function runCase({ client, login, authority }: Stage, trouble: Trouble): Promise<number> {
  const { phase, byName = false, leases = false, silenceMs = 0, extraMs = 0 } = trouble;
  await using stack = new AsyncDisposableStack();
  const clock: WrongClock = { ...systemClock, offsetMs: 0, now: () => systemClock.now() + clock.offsetMs };
  const proxy = stack.use(await startFaultProxy({ upstream: login, authority, clock: systemClock }));
  const world = await createWorld(client, `f-${randomUUID().slice(0, 8)}`);
  stack.defer(() => world.end());
  const [own] = world.namespaces;
  const observer = stack.use(observe(client, own, trouble.timeTravel ? silenceMs : undefined));
  const counting = createClient(byName ? proxy.namedLogin : proxy.login, clock, trouble);
  stack.use(counting.client);
  const config = { namespaces: world.namespaces, ...(leases && { leases: { namespace: own, shards: 1 } }) };
  const start = () => startOperator(counting.client, config, clock, randomUUID());

  const startedAt = performance.now();
  let operator = start();
  const stop = () => operator[Symbol.asyncDispose]();
  stack.defer(() => stop());
  await observer.expect(truthOf(world), calmMs);
  const slowness = Math.max(1, (performance.now() - startedAt) / usualStartMs);
  if (phase === "start-up") {
    await stop();
    await world.change();
  }
  const ongoing = await trouble.begin({ proxy, clock, world, faults: counting.faults });
  const begunAt = performance.now();
  if (phase === "start-up") operator = start();
  await ongoing.reachable;
  await world.change();
  await until(() => ongoing.hasStruck() && performance.now() > begunAt + leastMs, calmMs);
  await ongoing.lift();
  const liftedAt = performance.now();
  const pauseMs = Math.max(0, counting.pausedUntil() - liftedAt);
  // a client that is silent to may have begun to wait a moment ago, and again in another stream
  const withinMs = (Math.max(recoveryMs, pauseMs + afterPauseMs) + 2 * silenceMs + extraMs) * slowness;
  const expectTruth = (ms: number) => observer.expect(truthOf(world), ms).catch(explain(counting));
  await expectTruth(withinMs);
  const tookMs = performance.now() - liftedAt;
  await world.change();
  // an answer that is too slow may have begun before the end of the fault, of a write that was done all the same
  const calmWithinMs = Math.max((recoveryMs + 2 * silenceMs) * slowness, withinMs - tookMs);
  await expectTruth(calmWithinMs);
  await stop();

  const found = violations(world, observer.versions, {
    shownUntil: (end: Time) => (end <= liftedAt ? liftedAt + withinMs : end + calmWithinMs),
    withoutNodes: trouble.withoutNodes ?? false,
    timeTravel: trouble.timeTravel ?? false,
  });
  if (found.length > 0) throw new Error(`wrong writes: ${found.join("; ")}`);
  return tookMs;
}

/** As many as an error can show. */
const mostTold = 20;

/** Throws the error with what the operator's watches told of: where a case fails, that's the way to why. */
function explain({ told }: CountingClient): (error: unknown) => never {
  return (cause) => {
    const what = cause instanceof Error ? cause.message : String(cause);
    const last = told().slice(-mostTold).join("\n");
    throw new Error(`${what}\nthe watches told at the last, at ${Math.round(performance.now())} ms, of\n${last}`, {
      cause,
    });
  };
}

async function until(isSo: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`the fault has not struck within ${withinMs} ms`);
    await systemClock.sleep(20);
  }
}
