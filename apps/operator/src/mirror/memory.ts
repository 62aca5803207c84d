import {
  type Finding,
  isReadable,
  type MetadataMirror,
  type Plan,
  planner,
  type World,
  type WriteProblem,
} from "@metadata-mirror/metadata-model";
import { digest } from "./digest.ts";
import type { StatusMemory } from "./status-writer.ts";

/** What is remembered of one mirror while it's there; all of it can be lost without harm. */
export interface Memory extends StatusMemory {
  readonly uid: string;
  readonly generation: number;
  readonly plan: (world: World) => Plan;
  /** When a ConfigMap was last written: on the monotonic clock, in milliseconds, and as RFC 3339. */
  writtenAt: number | undefined;
  lastChangeTime: string | undefined;
  /** Until when the status says that the byte budget holds writes back, on the monotonic clock. */
  behindUntil: number;
  /** Since when passes fail, on the monotonic clock; undefined where the last one did not. */
  failingSince: number | undefined;
  /** What the last pass of this generation that went through found of Ready; undefined before the first. */
  ready: readonly Finding[] | undefined;
  /** The grants by which the ConfigMaps were last written. */
  grants: string | undefined;
  /** ConfigMaps that the API server refused to have written: why, and until when they're left alone, on the monotonic clock. */
  readonly blocked: Map<string, { readonly problem: WriteProblem; readonly until: number }>;
}

/** The memory of this mirror, with a planner for its generation; a new one for a mirror that was made anew under the name. */
export function recall(memories: Map<string, Memory>, key: string, mirror: MetadataMirror): Memory {
  const known = memories.get(key);
  if (known?.uid === mirror.uid && known.generation === mirror.generation) return known;
  const blank = {
    uid: mirror.uid,
    statusWrittenAt: undefined,
    announcedAt: new Map(),
    writtenAt: undefined,
    lastChangeTime: undefined,
    behindUntil: 0,
    failingSince: undefined,
    grants: undefined,
  };
  const memory: Memory = {
    ...(known?.uid === mirror.uid ? known : blank),
    generation: mirror.generation,
    plan: isReadable(mirror) ? planner(mirror, digest) : noPlan,
    ready: undefined,
    blocked: new Map(),
  };
  memories.set(key, memory);
  return memory;
}

function noPlan(): never {
  throw new Error("a mirror whose spec can't be read has no plan");
}
