import type { Clock } from "@metadata-mirror/api-client";
import {
  invalidSpecFindings,
  isReadable,
  type MetadataMirror,
  type Plan,
  type ReadableMirror,
  readyFindings,
  type WriteProblem,
} from "@metadata-mirror/metadata-model";
import { type Action, awaitChange, backOff, requeueAfter } from "../runtime/action.ts";
import type { ByteBudget } from "../runtime/byte-budget.ts";
import type { Reconciler } from "../runtime/controller.ts";
import { type Memory, recall } from "./memory.ts";
import type { WriteStatus } from "./status-writer.ts";
import type { Stores } from "./stores.ts";
import { type Sight, worldOf } from "./world.ts";
import { type WriteContext, type Writing, writePlan } from "./write.ts";

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

/** A ConfigMap that isn't ours has no label, so its end isn't seen: that often it's tried again, in milliseconds. */
const conflictRetryMs = 10_000;

/** Waits of the budget up to this are normal, and being behind is said for as long after a longer one, in milliseconds. */
const behindAfterMs = 1_000;
const behindForMs = 10_000;

/** What a ConfigMap weighs beside its data, in bytes. */
const objectBytes = 1024;

/**
 * The reconciler of mirrors: reads the stores, plans, writes, and tells the status last. Without a need nothing is written: not
 * after a restart, not after a relist.
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { stores, sight, context, writeStatus, clock, budget, minWriteIntervalMs } = options;
  const memories = new Map<string, Memory>();

  /** How many milliseconds the writes of a plan are to wait, 0 where they may go or there are none. */
  function holdBack(bytes: number, key: string, { namespace }: MetadataMirror, memory: Memory): number {
    if (bytes === 0) return 0;
    const now = clock.monotonic();
    const pause = memory.writtenAt === undefined ? 0 : memory.writtenAt + minWriteIntervalMs - now;
    if (pause > 0) return pause;
    const wait = budget.charge(namespace, bytes);
    if (wait > 0) options.onThrottle(key, wait);
    if (wait > behindAfterMs) memory.behindUntil = now + wait + behindForMs;
    return wait;
  }

  async function carryOut(plan: Plan, mirror: ReadableMirror, memory: Memory): Promise<Writing> {
    const writing = await writePlan(plan, mirror, context);
    if (writing.written > 0) {
      memory.writtenAt = clock.monotonic();
      memory.lastChangeTime = new Date(clock.now()).toISOString();
    }
    return writing;
  }

  return async (key) => {
    const mirror = mirrorOf(key, stores);
    if (mirror === undefined) {
      memories.delete(key); // its ConfigMaps are the garbage collector's
      return awaitChange;
    }
    const memory = recall(memories, key, mirror);
    if (!isReadable(mirror)) {
      const findings = invalidSpecFindings(mirror.problem ?? "");
      await writeStatus(mirror, { ...outcomeOf(mirror, memory), counts: undefined, findings }, memory);
      return awaitChange;
    }

    const plan = memory.plan(worldOf(mirror, stores, sight));
    const bytes = storedBytes(plan);
    const wait = holdBack(bytes, key, mirror, memory);
    const behind = memory.behindUntil - clock.monotonic();
    if (wait > 0 && behind <= 0) return requeueAfter(wait);
    const writing = wait > 0 ? nothingDone : await carryOut(plan, mirror, memory);
    const problems = [...plan.problems, ...writing.problems];
    const { written } = writing;
    options.onPass({ key, written, bytes: written > 0 ? bytes : 0, peers: plan.status.peerCount, problems });
    // what the stores show is behind, or the API server is away: a status would be a guess
    if (writing.fault !== undefined) throw writing.fault;

    const findings = [...plan.status.findings, ...readyFindings(problems, behind > 0)];
    const counts = wait > 0 ? undefined : countsOf(plan, writing);
    const recheck = await writeStatus(mirror, { ...outcomeOf(mirror, memory), counts, findings }, memory);
    return nextAction(problems, [wait, behind, recheck ?? 0]);
  };
}

const nothingDone: Writing = { written: 0, problems: [], fault: undefined };

function mirrorOf(key: string, { mirrors }: Stores): MetadataMirror | undefined {
  const [namespace = "", name = ""] = key.split("/");
  return mirrors.get(namespace, name);
}

/** What the API server stores anew for the writes of a plan, in bytes: whole objects, not patches. */
function storedBytes({ create, patch, remove }: Plan): number {
  const writes = [...create, ...patch].reduce((sum, { data }) => sum + data.size + objectBytes, 0);
  return writes + remove.length * objectBytes;
}

/** What the ConfigMaps hold of the plan: one that the API server refused holds nothing of it. */
function countsOf({ status }: Plan, { problems }: Writing) {
  const refused = new Set(problems.map(({ configMap }) => configMap));
  const shards = status.shards.filter(({ name }) => !refused.has(name));
  return { shards, peerCount: shards.reduce((sum, { peers }) => sum + peers, 0) };
}

function outcomeOf({ generation }: MetadataMirror, { lastChangeTime }: Memory) {
  return { generation, lastChangeTime };
}

/** What comes next: what a problem asks for, else the earliest of `waits` in milliseconds, of which those up to 0 count as none. */
function nextAction(problems: readonly WriteProblem[], waits: readonly number[]): Action {
  const has = (...reasons: WriteProblem["reason"][]) => problems.some(({ reason }) => reasons.includes(reason));
  if (has("QuotaExceeded", "Forbidden")) return backOff;
  const pending = [...waits, has("TargetConflict", "TargetLeaving") ? conflictRetryMs : 0].filter((wait) => wait > 0);
  return pending.length === 0 ? awaitChange : requeueAfter(Math.min(...pending));
}
