import type { ApiError, Clock } from "@metadata-mirror/api-client";
import {
  countsOf,
  failingFindings,
  type Finding,
  invalidSpecFindings,
  isReadable,
  type MetadataMirror,
  type Plan,
  type ReadableMirror,
  readyFindings,
  type WriteProblem,
} from "@metadata-mirror/metadata-model";
import { type Action, awaitChange, requeueAfter } from "../runtime/action.ts";
import type { ByteBudget } from "../runtime/byte-budget.ts";
import type { Reconciler } from "../runtime/controller.ts";
import { type Memory, recall } from "./memory.ts";
import type { WriteStatus } from "./status-writer.ts";
import type { Stores } from "./stores.ts";
import { type Sight, worldOf } from "./world.ts";
import { storedBytes, type WriteContext, type Writing, writePlan } from "./write.ts";

/** What a pass did, for logs and metrics. */
export interface PassReport {
  readonly key: string;
  readonly written: number;
  /** Bytes of the objects that were written. */
  readonly bytes: number;
  readonly peers: number;
  readonly problems: readonly WriteProblem[];
}

export interface ReconcilerOptions {
  readonly stores: Stores;
  readonly sight: Sight;
  readonly context: WriteContext;
  readonly writeStatus: WriteStatus;
  readonly budget: ByteBudget;
  readonly clock: Clock;
  /** The least time between two writes of one mirror's ConfigMaps, in milliseconds. */
  readonly minWriteIntervalMs: number;
  readonly onPass: (report: PassReport) => void;
  /** The byte budget holds the writes of a mirror back for so many milliseconds. */
  readonly onThrottle: (key: string, waitMs: number) => void;
}

/**
 * A ConfigMap that the API server refused to have written is left alone for so long, in milliseconds: what stands in the way (somebody's
 * ConfigMap, a quota, a missing right) goes without our watches telling.
 */
const refusedForMs = 10_000;

/** Passes that fail for longer are told by the status, in milliseconds. */
const failingAfterMs = 10_000;

/** Waits of the budget up to this are normal, and being behind is said for as long after a longer one, in milliseconds. */
const behindAfterMs = 1_000;
const behindForMs = 10_000;

/**
 * The reconciler of mirrors: reads the stores, plans, writes, and tells the status last. Without a need nothing is written: not
 * after a restart, not after a relist.
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { stores, sight, context, writeStatus, clock, budget, minWriteIntervalMs } = options;
  const memories = new Map<string, Memory>();

  /** How many milliseconds the writes of a plan are to wait, 0 where they may go or there are none. */
  function holdBack(bytes: number, key: string, { namespace }: MetadataMirror, memory: Memory, grants: string): number {
    if (bytes === 0) return 0;
    const now = clock.monotonic();
    // what a grant no longer shows goes at once
    const isUrgent = memory.grants !== undefined && memory.grants !== grants;
    const pause = memory.writtenAt === undefined || isUrgent ? 0 : memory.writtenAt + minWriteIntervalMs - now;
    if (pause > 0) return pause;
    const wait = budget.charge(namespace, bytes);
    if (wait > 0) options.onThrottle(key, wait);
    if (wait > behindAfterMs) memory.behindUntil = now + wait + behindForMs;
    return wait;
  }

  async function carryOut(plan: Plan, mirror: ReadableMirror, memory: Memory): Promise<Writing> {
    const writing = await writePlan(plan, mirror, context);
    budget.refund(mirror.namespace, storedBytes(plan) - writing.bytes);
    const now = clock.monotonic();
    if (writing.written > 0) {
      memory.writtenAt = now;
      memory.lastChangeTime = new Date(clock.now()).toISOString();
    }
    for (const problem of writing.problems)
      memory.blocked.set(problem.configMap, { problem, until: now + refusedForMs });
    return writing;
  }

  /** Tells of a fault that lasts, and throws it, to be tried again. */
  async function fail(fault: ApiError, mirror: ReadableMirror, plan: Plan, memory: Memory): Promise<never> {
    // these two say that the stores are a moment behind
    if (fault.code === "conflict" || fault.code === "already-exists") throw fault;
    memory.failingSince ??= clock.monotonic();
    if (clock.monotonic() - memory.failingSince >= failingAfterMs) {
      const findings = [...plan.status.findings, ...failingFindings(fault.message)];
      await writeStatus(mirror, { ...outcomeOf(mirror, memory), counts: undefined, findings }, memory);
    }
    throw fault;
  }

  return async (key) => {
    const mirror = mirrorOf(key, stores);
    if (mirror === undefined || mirror.terminating) {
      memories.delete(key); // its ConfigMaps are the garbage collector's
      return awaitChange;
    }
    const memory = recall(memories, key, mirror);
    if (!isReadable(mirror)) {
      const findings = invalidSpecFindings(mirror.problem ?? "");
      await writeStatus(mirror, { ...outcomeOf(mirror, memory), counts: undefined, findings }, memory);
      return awaitChange;
    }

    unblock(memory, clock.monotonic());
    const world = worldOf(mirror, stores, sight, (configMap) => memory.blocked.has(configMap));
    const plan = memory.plan(world);
    const grants = JSON.stringify(world.grants);
    const wait = holdBack(storedBytes(plan), key, mirror, memory, grants);
    const { written, bytes, fault } = wait > 0 ? nothingDone : await carryOut(plan, mirror, memory);
    const problems = [...plan.problems, ...[...memory.blocked.values()].map(({ problem }) => problem)];
    if (wait === 0) options.onPass({ key, written, bytes, peers: plan.status.peerCount, problems });
    if (fault !== undefined) return fail(fault, mirror, plan, memory);

    memory.failingSince = undefined;
    const behind = memory.behindUntil - clock.monotonic();
    const ready = readyOf(problems, { wait, behind }, memory);
    if (ready === undefined) return requeueAfter(wait);
    if (wait === 0) {
      memory.ready = ready;
      memory.grants = grants;
    }
    const counts = wait > 0 ? undefined : countsOf(plan.status.shards, problems);
    const findings = [...plan.status.findings, ...ready];
    const recheck = await writeStatus(mirror, { ...outcomeOf(mirror, memory), counts, findings }, memory);
    return nextAction([wait, behind, recheck ?? 0, retryIn(memory, clock.monotonic())]);
  };
}

const nothingDone: Writing = { written: 0, bytes: 0, problems: [], fault: undefined };

function mirrorOf(key: string, { mirrors }: Stores): MetadataMirror | undefined {
  const [namespace = "", name = ""] = key.split("/");
  return mirrors.get(namespace, name);
}

/** Ready after a pass, for which `wait` ms are yet to be waited; undefined while a short wait comes before the first write. */
function readyOf(
  problems: readonly WriteProblem[],
  { wait, behind }: { readonly wait: number; readonly behind: number },
  memory: Memory,
): readonly Finding[] | undefined {
  if (wait > 0 && behind <= 0) return memory.ready;
  if (behind <= 0) return readyFindings(problems, "prompt");
  return readyFindings(problems, wait > 0 && memory.ready === undefined ? "held" : "late");
}

function outcomeOf({ generation }: MetadataMirror, { lastChangeTime }: Memory) {
  return { generation, lastChangeTime };
}

/** Lets those ConfigMaps be tried again whose time has come. */
function unblock({ blocked }: Memory, now: number): void {
  for (const [configMap, { until }] of blocked) if (until <= now) blocked.delete(configMap);
}

/** In how many milliseconds a refused ConfigMap is to be tried again by itself; 0 where none is, or only somebody's change helps. */
function retryIn({ blocked }: Memory, now: number): number {
  const hopeless: readonly WriteProblem["reason"][] = ["NamespaceTerminating", "Rejected"];
  const waits = [...blocked.values()].filter(({ problem }) => !hopeless.includes(problem.reason));
  return waits.length === 0 ? 0 : Math.max(1, Math.min(...waits.map(({ until }) => until - now)));
}

/** Another pass after the earliest of `waits` in milliseconds, of which those up to 0 count as none. */
function nextAction(waits: readonly number[]): Action {
  const pending = waits.filter((wait) => wait > 0);
  return pending.length === 0 ? awaitChange : requeueAfter(Math.min(...pending));
}
