import type { Clock } from "@metadata-mirror/api-client";
import type { ConfigMapState } from "@metadata-mirror/metadata-model";
import type { ByteBudget } from "../runtime/byte-budget.ts";
import type { Memory } from "./memory.ts";
import { look, type Target, targetOf } from "./target.ts";
import type { Job } from "./write.ts";
import type { Admitted, Gate, Held, Untried } from "./write-plan.ts";

export interface PaceOptions {
  readonly clock: Pick<Clock, "monotonic">;
  readonly budget: ByteBudget;
  /** The least time between two writes of one mirror's ConfigMaps, in milliseconds. */
  readonly minWriteIntervalMs: number;
  /** Whether the mirror is this operator's to write at this moment. */
  readonly isOurs: () => boolean;
  /** The byte budget holds the writes of a mirror back for so many milliseconds. */
  readonly onThrottle: (waitMs: number) => void;
}

/**
 * What lets the writes of one pass go, the one that was written the longest ago first. Some of them may be urgent, since they take back
 * what a grant no longer shows: then the pass waits for no interval, and may overdraw the budget. A ConfigMap whose writes
 * somebody undoes all the time is held back by itself, unless it is urgent: nobody may keep it so that it still shows that. None goes once the mirror is another operator's.
 */
export function openGate(
  jobs: readonly Job[],
  found: (configMap: string) => ConfigMapState | undefined,
  namespace: string,
  memory: Memory,
  { clock, budget, minWriteIntervalMs, isOurs, onThrottle }: PaceOptions,
): Gate {
  const targets = new Map(jobs.map(({ name }) => [name, targetOf(memory.targets, name)]));
  for (const [name, target] of targets) look(target, found(name));
  const urgent = [...targets.values()].some((target) => target.urgent);
  const nextWriteAt = memory.writtenAt === undefined || urgent ? 0 : memory.writtenAt + minWriteIntervalMs;
  if (jobs.length === 0 || urgent) memory.turnAt = undefined;

  return {
    rank: ({ name }) => (targets.get(name)?.urgent ? -1 : (targets.get(name)?.writtenAt ?? 0)),
    admit({ name, bytes }): Admitted | Held | Untried {
      if (!isOurs()) return { type: "untried" };
      const present = clock.monotonic();
      const heldUntil = Math.max(nextWriteAt, strifeUntil(targets.get(name)), memory.turnAt ?? 0);
      if (heldUntil > present) return { type: "held", until: heldUntil };
      const { waitMs, refund } = budget.charge(namespace, bytes, { waited: memory.turnAt !== undefined, urgent });
      memory.turnAt = waitMs > 0 ? present + waitMs : undefined;
      if (waitMs === 0) return { type: "admitted", undo: refund };
      onThrottle(waitMs);
      return { type: "held", until: present + waitMs };
    },
  };
}

/** Until when strife holds a write of `target` back, in milliseconds; 0 where it doesn't. What is urgent waits for faults only. */
function strifeUntil(target: Target | undefined): number {
  const isHeld = target !== undefined && (!target.urgent || target.fault !== undefined);
  return isHeld ? (target.strife?.until ?? 0) : 0;
}
