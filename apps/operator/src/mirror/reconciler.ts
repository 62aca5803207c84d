import type { Clock } from "@metadata-mirror/api-client";
import {
  countsOf,
  createRecentFragments,
  failingFindings,
  type Finding,
  freshFinding,
  invalidSpecFindings,
  isReadable,
  type Outcome,
  type Plan,
  type ReadableMirror,
  readyFindings,
  standingCounts,
  unplannedFindings,
  type WriteProblem,
} from "@metadata-mirror/metadata-model";
import { type Action, awaitChange, requeueAfter } from "../runtime/action.ts";
import type { ByteBudget } from "../runtime/byte-budget.ts";
import type { Reconciler } from "../runtime/controller.ts";
import { namespaceOf } from "./interest.ts";
import {
  clearRefusals,
  grantsTo,
  isRegranted,
  lettingGoIn,
  markUrgent,
  type Memory,
  recall,
  refusals,
  takeStock,
} from "./memory.ts";
import { openGate } from "./pace.ts";
import { createPlanning } from "./planning.ts";
import type { WriteStatus } from "./status-writer.ts";
import { mirrorOf, type Stores } from "./stores.ts";
import { forgive, isLetGo, settle, targetOf } from "./target.ts";
import { grantsFor, type Sight, worldOf } from "./world.ts";
import { jobsOf, type WriteContext } from "./write.ts";
import { countWrites, type WriteCounts } from "./write-counts.ts";
import { writePlan, type Writing } from "./write-plan.ts";

/** What a pass did, for logs and metrics. */
export interface PassReport {
  readonly key: string;
  readonly written: number;
  /** How many of those for which reason. */
  readonly writes: WriteCounts;
  /** Bytes of the objects that were written. */
  readonly bytes: number;
  readonly peers: number;
  readonly problems: readonly WriteProblem[];
  /** Whether the ConfigMaps are now as they should be, as far as the operator knows. */
  readonly inSync: boolean;
}

export interface ReconcilerOptions {
  readonly stores: Stores;
  readonly sight: Sight;
  readonly context: WriteContext;
  readonly writeStatus: WriteStatus;
  readonly budget: ByteBudget;
  readonly clock: Clock;
  /** How long the processor has worked for us, in milliseconds. */
  readonly processor: () => number;
  /** The least time between two writes of one mirror's ConfigMaps, in milliseconds. */
  readonly minWriteIntervalMs: number;
  readonly onPass: (report: PassReport) => void;
  /** The byte budget holds writes of a mirror back for so many milliseconds. */
  readonly onThrottle: (key: string, waitMs: number) => void;
}

/** Writes that fail for longer are told by the status, in milliseconds. */
const failingAfterMs = 10_000;

/**
 * The reconciler of mirrors: reads the stores, plans, writes, and tells the status last. Without a need nothing is written: not
 * after a restart, not after a relist. What a pass may not write yet is left to the next one, which plans anew from what is there.
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { stores, sight, context, writeStatus, clock } = options;
  const memories = new Map<string, Memory>();
  const recent = createRecentFragments();
  const planning = createPlanning({ monotonic: () => clock.monotonic(), processor: options.processor });

  async function carryOut(
    plan: Plan,
    mirror: ReadableMirror,
    memory: Memory,
    key: string,
  ): Promise<Writing & { readonly writes: WriteCounts }> {
    const { namespace } = mirror;
    const jobs = jobsOf(plan, mirror, context);
    const found = (configMap: string) => stores.configMaps.get(namespace, configMap);
    const onThrottle = (waitMs: number) => options.onThrottle(key, waitMs);
    const isOurs = () => sight.isOurs(mirror);
    const gate = openGate(jobs, found, namespace, memory, { ...options, isOurs, onThrottle });
    const writing = await writePlan(jobs, gate, ({ name }) => targetOf(memory.targets, name).urgent);

    const now = clock.monotonic();
    const writes = countWrites(writing, memory.targets);
    for (const { job, outcome } of writing.done) settle(targetOf(memory.targets, job.name), outcome, now);
    if (writing.written > 0) {
      memory.writtenAt = now;
      memory.lastChangeTime = new Date(clock.now()).toISOString();
    }
    takeStock(memory, plan, writing, now);
    return { ...writing, writes };
  }

  /** Why a mirror waits for its pods, where it's not for a moment; in how many milliseconds there is more to say, if there is. */
  async function tellUnplanned(mirror: ReadableMirror, memory: Memory): Promise<number | undefined> {
    const staleness = sight.staleness(mirror);
    if (staleness === undefined) return undefined;
    const { conditions = [], observedGeneration: generation = mirror.generation } = mirror.status;
    const findings = unplannedFindings(conditions, staleness);
    return writeStatus(mirror, { generation, lastChangeTime: undefined, counts: undefined, findings }, memory);
  }

  function forget(key: string): void {
    const memory = memories.get(key);
    if (memory !== undefined) planning.leave(namespaceOf(key), memory.turn);
    memories.delete(key);
  }

  return async (key) => {
    const mirror = mirrorOf(key, stores);
    if (mirror === undefined || mirror.terminating || !sight.isOurs(mirror)) {
      forget(key); // its ConfigMaps are the garbage collector's, or another operator's
      return awaitChange;
    }
    const memory = recall(memories, key, mirror, recent);
    const tell = (findings: readonly Finding[], counts?: Outcome["counts"]) => {
      const { lastChangeTime } = memory;
      return writeStatus(mirror, { generation: mirror.generation, lastChangeTime, counts, findings }, memory);
    };
    if (!isReadable(mirror)) {
      return nextAction([(await tell(invalidSpecFindings(mirror.problem ?? ""))) ?? 0]);
    }
    // woken again when they are: planned from a part of its peers, the ConfigMaps would lose the others
    if (!sight.covers(mirror)) return nextAction([(await tellUnplanned(mirror, memory)) ?? 0]);

    // what isn't due at this moment is due after it, however long the pass takes
    const plannedAt = clock.monotonic();
    forgive(memory.targets.values(), plannedAt);
    const isBlocked = (configMap: string) => memory.targets.get(configMap)?.refusal !== undefined;
    const mayLetGo = (configMap: string) => isLetGo(memory.targets.get(configMap), plannedAt);
    const granted = grantsTo(mirror, grantsFor(mirror, stores));
    const regranted = isRegranted(memory, mirror, granted);
    const waitMs = planning.wait(mirror.namespace, memory.turn, regranted);
    if (waitMs > 0) return requeueAfter(waitMs);

    memory.grants = granted;
    if (regranted) clearRefusals(memory);
    const plan = planning.run(mirror.namespace, memory.turn, () =>
      memory.plan({ ...worldOf(mirror, stores, sight, isBlocked), mayLetGo }),
    );
    if (regranted) markUrgent(memory, plan);
    const writing = await carryOut(plan, mirror, memory, key);
    recent.trim();
    const { written, writes, bytes, heldUntil, complete, fault } = writing;
    const problems = [...plan.problems, ...refusals(memory)];
    const inSync = complete && problems.length === 0;
    if (written > 0 || heldUntil === undefined) {
      options.onPass({ key, written, writes, bytes, peers: plan.status.peerCount, problems, inSync });
    }

    const now = clock.monotonic();
    const ready = readyOf(problems, memory, { now, held: heldUntil !== undefined });
    if (complete) memory.ready = ready;
    const standing = () => standingCounts(mirror, stores.configMaps.inNamespace(mirror.namespace));
    const counts = inSync ? countsOf(plan.status.shards, []) : standing();
    const recheck =
      ready && (await tell([...plan.status.findings, ...ready, freshFinding(sight.staleness(mirror))], counts));
    if (fault !== undefined) throw fault;
    const held = heldUntil === undefined ? 0 : Math.max(1, heldUntil - now);
    return nextAction([
      held,
      memory.behindUntil - now,
      recheck ?? 0,
      retryIn(memory, writing, now),
      ...lettingGoIn(memory, plannedAt, now),
    ]);
  };
}

/** Ready after a pass; undefined while nothing is known of this generation, but that a short wait comes before the first write. */
function readyOf(
  problems: readonly WriteProblem[],
  memory: Memory,
  { now, held }: { readonly now: number; readonly held: boolean },
): readonly Finding[] | undefined {
  const { failingSince, behindUntil, ready, targets } = memory;
  const isBehind = behindUntil > now;
  if (problems.length > 0) return readyFindings(problems, "prompt");
  if (failingSince !== undefined) {
    const fault = [...targets.values()].find((target) => target.fault !== undefined)?.fault;
    return now - failingSince >= failingAfterMs ? failingFindings(fault?.message ?? "") : ready;
  }
  if (!isBehind) return held ? ready : readyFindings(problems, "prompt");
  return readyFindings(problems, held && ready === undefined ? "held" : "late");
}

/**
 * In how many milliseconds what was refused is to be tried again by itself; 0 where nothing was, or only somebody's change helps, unless it
 * is urgent. What was to be written after it is planned anew at once, without it.
 */
function retryIn({ targets }: Memory, { done }: Writing, now: number): number {
  if (done.some(({ outcome }) => outcome.type === "untried") && done.some(({ outcome }) => outcome.type === "refused"))
    return 1;
  const hopeless: readonly WriteProblem["reason"][] = ["NamespaceTerminating", "Rejected"];
  const waits = [...targets.values()].flatMap(({ refusal, urgent }) =>
    refusal === undefined || (hopeless.includes(refusal.problem.reason) && !urgent) ? [] : [refusal.until - now],
  );
  return waits.length === 0 ? 0 : Math.max(1, Math.min(...waits));
}

/** Another pass after the earliest of `waits` in milliseconds, of which those up to 0 count as none. */
function nextAction(waits: readonly number[]): Action {
  const pending = waits.filter((wait) => wait > 0);
  return pending.length === 0 ? awaitChange : requeueAfter(Math.min(...pending));
}
