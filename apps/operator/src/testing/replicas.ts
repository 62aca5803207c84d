import { type Clock, type FakeClock, fakeClock } from "@metadata-mirror/api-client";
import { pino } from "pino";
import { type LeasedOwnership, startOwnership } from "../shards/ownership.ts";
import { type LeaseServer, leaseServer } from "./lease-server.ts";

interface ReplicaSketch {
  readonly identity: string;
  readonly shards: number;
  /** How fast its clock is, and where it stands, in milliseconds. */
  readonly rate?: number;
  readonly offset?: number;
}

/** A replica of an operator, which may be stopped, cut off and killed. */
export interface Replica {
  readonly identity: string;
  readonly shards: number;
  readonly ownership: LeasedOwnership;
  readonly isRunning: boolean;
  /** As SIGSTOP and SIGCONT. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** As SIGKILL. */
  readonly kill: () => void;
  /** As SIGTERM: resolves once it has ended. */
  readonly stop: () => Promise<void>;
  /** Loses this part of all messages from now on, from 0 to 1, and takes up to so long for the others, in milliseconds. */
  readonly network: (loss: number, slowMs: number) => void;
}

/** Several replicas and the API server that they share. */
export interface Replicas {
  readonly clock: FakeClock;
  readonly server: LeaseServer;
  readonly all: readonly Replica[];
  readonly start: (sketch: ReplicaSketch) => Replica;
  /** Those that run and own the mirror of this key. */
  readonly ownersOf: (key: string) => string[];
  /** Called whenever a shard has come to somebody, and a replica goes on. */
  readonly onTurn: (check: () => void) => void;
}

/** What a message takes at most where nothing is said, in milliseconds. */
export const usualMs = 20;

/** None yet; `random` is a number in [0, 1). */
export function replicas(random: () => number): Replicas {
  const clock = fakeClock(Date.parse("2026-11-23T18:00:00Z"));
  const server = leaseServer(clock);
  const all: Replica[] = [];
  const checks: (() => void)[] = [];
  const turn = () => checks.forEach((check) => check());

  function start({ identity, shards, rate = 1, offset = 0 }: ReplicaSketch): Replica {
    let gate = Promise.withResolvers<void>();
    gate.resolve();
    let isRunning = true;
    let loss = 0;
    let slowMs = usualMs;
    const stopping = new AbortController();
    const running = () => gate.promise;
    const own: Clock = {
      now: () => clock.now() + offset,
      monotonic: () => clock.monotonic() * rate + offset,
      async sleep(ms, signal) {
        await clock.sleep(ms / rate, signal);
        await running();
      },
    };
    const delay = () => (random() < loss ? undefined : 1 + random() * slowMs);
    const ownership = startOwnership({
      client: server.connect({ delay, running }),
      namespace: "operators",
      prefix: "metadata-mirror",
      shards,
      identity,
      clock: own,
      random,
      log: pino({ level: "silent" }),
      onChange: turn,
      onSettled: () => undefined,
      onDoubt: () => undefined,
      onFault: () => undefined,
      drain: () => Promise.resolve(),
      signal: stopping.signal,
    });
    ownership.begin();
    const replica: Replica = {
      identity,
      shards,
      ownership,
      get isRunning() {
        return isRunning;
      },
      pause() {
        if (!isRunning) return;
        isRunning = false;
        gate = Promise.withResolvers<void>();
      },
      resume() {
        isRunning = true;
        turn();
        gate.resolve();
      },
      kill() {
        isRunning = false;
        gate = Promise.withResolvers<void>();
        all.splice(all.indexOf(replica), 1);
      },
      async stop() {
        stopping.abort();
        // the passes that are under way end
        await own.sleep(5);
        await ownership[Symbol.asyncDispose]();
        if (all.includes(replica)) all.splice(all.indexOf(replica), 1);
      },
      network(part, ms) {
        loss = part;
        slowMs = ms;
      },
    };
    all.push(replica);
    return replica;
  }

  return {
    clock,
    server,
    all,
    start,
    ownersOf: (key) =>
      all.flatMap(({ identity, isRunning, ownership }) => (isRunning && ownership.owns(key) ? [identity] : [])),
    onTurn: (check) => void checks.push(check),
  };
}
