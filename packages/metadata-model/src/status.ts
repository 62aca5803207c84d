import { type Condition, type Finding, mergeConditions } from "./condition.ts";
import type { ConfigMapState } from "./config-map.ts";
import { existingShards } from "./existing.ts";
import type { MetadataMirrorStatus, ReadableMirror } from "./metadata-mirror.ts";
import { occupation } from "./ownership.ts";
import type { WriteProblem } from "./ready.ts";

/** What a pass found, from which the status is made. */
export interface Outcome {
  readonly generation: number;
  /** Undefined where the pass could not count: what was said before stands. */
  readonly counts: Counts | undefined;
  readonly findings: readonly Finding[];
  /** When a ConfigMap was last written, RFC 3339; undefined where this process has written none. */
  readonly lastChangeTime: string | undefined;
}

interface ShardCount {
  readonly name: string;
  readonly peers: number;
}

/** How many peers the ConfigMaps of a mirror hold. */
export interface Counts {
  readonly peerCount: number;
  readonly shards: readonly ShardCount[];
}

/** What the ConfigMaps hold once `shards` is carried out: one that can't be written holds nothing of it. */
export function countsOf(shards: readonly ShardCount[], problems: readonly WriteProblem[]): Counts {
  const refused = new Set(problems.map(({ configMap }) => configMap));
  const held = shards.filter(({ name }) => !refused.has(name));
  return { peerCount: held.reduce((sum, { peers }) => sum + peers, 0), shards: held };
}

/**
 * What the ConfigMaps of `mirror` hold as they stand, where a plan could be carried out in part only. A peer that is in two of them, on
 * its way from one to the other, is counted once. Undefined where they don't tell: nothing but documents of all peers has no placement.
 */
export function standingCounts(mirror: ReadableMirror, configMaps: Iterable<ConfigMapState>): Counts | undefined {
  if (mirror.spec.output.formats.every(({ type }) => type === "Template")) return undefined;
  const peers = new Set<string>();
  const shards: ShardCount[] = [];
  for (const [index, configMap] of existingShards(mirror, configMaps)) {
    if (occupation(configMap, mirror) !== undefined) continue;
    const ids = configMap.placement.split(" ").filter((id) => id !== "");
    if (index > 0 && ids.length === 0) continue;
    for (const id of ids) peers.add(id);
    shards.push({ name: configMap.name, peers: ids.length });
  }
  return { peerCount: peers.size, shards };
}

/** The status after a pass. `now` is RFC 3339, and only conditions that turn take it. */
export function nextStatus(before: MetadataMirrorStatus, outcome: Outcome, now: string): MetadataMirrorStatus {
  const { counts, generation, findings, lastChangeTime } = outcome;
  return {
    ...before,
    observedGeneration: generation,
    ...(counts && { peerCount: counts.peerCount, shardCount: counts.shards.length, shards: [...counts.shards] }),
    ...(lastChangeTime !== undefined && { lastChangeTime }),
    conditions: mergeConditions(before.conditions ?? [], findings, generation, now),
  };
}

const turn = ({ type, status, reason, observedGeneration }: Condition) => [type, status, reason, observedGeneration];

/**
 * How soon a status is to be written: `now` where a condition turned, a generation was first seen, or there is a ConfigMap that it doesn't
 * name, since one that loses its label while no operator is there is found by that name alone; `soon` where counts or messages differ,
 * `later` where only the time of the last change does, as after each change of a pod.
 */
export type StatusUrgency = "now" | "soon" | "later" | "never";

export function statusUrgency(before: MetadataMirrorStatus, after: MetadataMirrorStatus): StatusUrgency {
  const differ = (aspect: (status: MetadataMirrorStatus) => unknown) =>
    JSON.stringify(aspect(before)) !== JSON.stringify(aspect(after));
  const named = new Set(before.shards?.map(({ name }) => name));
  if (differ(turned) || after.shards?.some(({ name }) => !named.has(name))) return "now";
  if (differ(counted)) return "soon";
  return before.lastChangeTime === after.lastChangeTime ? "never" : "later";
}

function turned({ observedGeneration, conditions = [] }: MetadataMirrorStatus) {
  return [observedGeneration, conditions.map(turn)];
}

/** Counts and messages, the same fields in one order, whoever wrote them. */
function counted({ peerCount, shardCount, shards, conditions }: MetadataMirrorStatus) {
  return [
    peerCount,
    shardCount,
    shards?.map(({ name, peers }) => [name, peers]),
    conditions?.map(({ type, message }) => [type, message]),
  ];
}

/** A condition that turned, as an Event tells it. */
export interface Turn extends Finding {
  readonly warning: boolean;
}

/** Well means True, but for Stalled, which is there only when it's True. */
function isWell({ type, status }: Pick<Condition, "type" | "status">): boolean {
  return (status === "True") !== (type === "Stalled");
}

/**
 * The findings that turned a condition for the worse, or that say it is well again: what is worth an Event. One that is well from the start,
 * or that isn't known yet, is not.
 */
export function turns(before: MetadataMirrorStatus, findings: readonly Finding[]): Turn[] {
  return findings.flatMap((finding): Turn[] => {
    const old = before.conditions?.find(({ type }) => type === finding.type);
    if (finding.status === "Unknown" || (old?.status === finding.status && old.reason === finding.reason)) return [];
    if (!isWell(finding)) return [{ ...finding, warning: true }];
    return old !== undefined && old.status !== "Unknown" && !isWell(old) ? [{ ...finding, warning: false }] : [];
  });
}
