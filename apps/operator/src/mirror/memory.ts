import {
  type Finding,
  isGrantTo,
  isReadable,
  type MetadataGrant,
  type MetadataMirror,
  peerNamespaces,
  type Plan,
  planner,
  type ReadableMirror,
  type RecentFragments,
  type World,
  type WriteProblem,
} from "@metadata-mirror/metadata-model";
import { digest } from "./digest.ts";
import { firstTurn, type PlanningTurn } from "./planning.ts";
import type { StatusMemory } from "./status-writer.ts";
import { letsGoAt, noteDoubled, type Target, targetOf } from "./target.ts";
import type { Writing } from "./write-plan.ts";

/** What is remembered of one mirror while it's there; all of it can be lost without harm. Times are in milliseconds, on the monotonic clock. */
export interface Memory extends StatusMemory {
  readonly uid: string;
  readonly generation: number;
  readonly plan: (world: World) => Plan;
  readonly turn: PlanningTurn;
  /** When a ConfigMap was last written; and as RFC 3339. */
  writtenAt: number | undefined;
  lastChangeTime: string | undefined;
  /** When the byte budget has a turn for the next write; undefined where none waits for it. */
  turnAt: number | undefined;
  /** Since when the byte budget has held some write back; undefined where it doesn't. */
  heldSince: number | undefined;
  /** Until when the status says that the byte budget holds writes back. */
  behindUntil: number;
  /** Since when writes fail; undefined where none does. */
  failingSince: number | undefined;
  /** What the last pass of this generation that went through found of Ready; undefined before the first. */
  ready: readonly Finding[] | undefined;
  /** What grants let the last plan see, as `grantsTo` tells; undefined before the first. */
  grants: string | undefined;
  /** By the name of the ConfigMap. */
  readonly targets: Map<string, Target>;
}

/** Waits of the budget up to this are normal, and being behind is said for as long after a longer one, in milliseconds. */
const behindAfterMs = 1_000;
const behindForMs = 10_000;

/**
 * The memory of this mirror, with a planner for its generation; a new one for a mirror that was made anew under the name. Its planner shares
 * `recent` with those of other mirrors, and has one of its own without.
 */
export function recall(
  memories: Map<string, Memory>,
  key: string,
  mirror: MetadataMirror,
  recent?: RecentFragments,
): Memory {
  const known = memories.get(key);
  if (known?.uid === mirror.uid && known.generation === mirror.generation) return known;
  const blank = {
    uid: mirror.uid,
    statusWrittenAt: undefined,
    statusRetryAt: 0,
    announcedAt: new Map(),
    turn: known?.turn ?? firstTurn(),
    writtenAt: undefined,
    lastChangeTime: undefined,
    turnAt: undefined,
    heldSince: undefined,
    behindUntil: 0,
    failingSince: undefined,
    grants: undefined,
    targets: new Map<string, Target>(),
  };
  const memory: Memory = {
    ...(known?.uid === mirror.uid ? known : blank),
    generation: mirror.generation,
    plan: isReadable(mirror) ? planner(mirror, digest, recent) : noPlan,
    ready: undefined,
  };
  // what was refused of another generation may be taken of this one
  clearRefusals(memory);
  memories.set(key, memory);
  return memory;
}

function noPlan(): never {
  throw new Error("a mirror whose spec can't be read has no plan");
}

/** What lets `mirror` see anything of other namespaces: their grants that name its own. Others decide nothing. */
export function grantsTo(mirror: ReadableMirror, grants: readonly MetadataGrant[]): string {
  const deciding = grants.flatMap((grant) => {
    const { namespace, name, spec } = grant;
    if (spec === undefined || namespace === mirror.namespace || !isGrantTo(mirror.namespace, grant)) return [];
    const { from: _, ...given } = spec;
    return [{ namespace, name, given }];
  });
  return JSON.stringify(deciding);
}

/**
 * Whether the ConfigMaps of `mirror` may show what is no longer granted: other grants than the last plan's are `granted`. Of a mirror that
 * was not planned yet nobody knows, where it has peers of other namespaces.
 */
export function isRegranted({ grants }: Memory, mirror: ReadableMirror, granted: string): boolean {
  if (grants !== undefined) return grants !== granted;
  return peerNamespaces(mirror).some((namespace) => namespace !== mirror.namespace);
}

/** What was refused is tried again: it may show what is no longer granted. */
export function clearRefusals({ targets }: Memory): void {
  for (const target of targets.values()) target.refusal = undefined;
}

/** All that stands and that `plan` would write is urgent until it is written: it may show what is no longer granted. */
export function markUrgent({ targets }: Memory, { patch, remove }: Plan): void {
  for (const { name } of [...patch, ...remove]) targetOf(targets, name).urgent = true;
}

/** Notes what waits and what fails after `plan` was carried out. */
export function takeStock(memory: Memory, plan: Plan, { done }: Writing, now: number): void {
  const { targets } = memory;
  const undone = new Set(
    done.flatMap(({ job, outcome }) => (outcome.type === "written" || outcome.type === "gone" ? [] : [job.name])),
  );
  for (const name of plan.waiting) targetOf(targets, name);
  for (const [name, target] of targets) {
    if (!undone.has(name)) target.fault = undefined;
    noteDoubled(target, { waits: plan.waiting.includes(name), leaves: undone.has(name), now });
  }
  const fails = [...targets.values()].some(({ fault }) => fault !== undefined);
  memory.failingSince = fails ? (memory.failingSince ?? now) : undefined;

  const { turnAt } = memory;
  memory.heldSince = turnAt === undefined ? undefined : (memory.heldSince ?? now);
  if (turnAt === undefined || memory.heldSince === undefined) return;
  if (turnAt - memory.heldSince > behindAfterMs) memory.behindUntil = turnAt + behindForMs;
}

/** What the API server refused. */
export function refusals({ targets }: Memory): WriteProblem[] {
  return [...targets.values()].flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal.problem]));
}

/** In how many milliseconds from `now` peers may leave a ConfigMap that are elsewhere too, and that might not when it was planned. */
export function lettingGoIn({ targets }: Memory, plannedAt: number, now: number): number[] {
  const moments = [...targets.values()].flatMap((target) => letsGoAt(target) ?? []);
  return moments.filter((at) => at > plannedAt).map((at) => Math.max(1, at - now));
}
