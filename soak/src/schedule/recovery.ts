import type { Disturbance } from "./disturbance.ts";

/** What every change is mirrored within once nothing is wrong, in milliseconds. */
const promptMs = 5_000;

/**
 * A ConfigMap that somebody keeps undoing, as the soak does by hand, or whose writes failed, is put back after a while that grows up to 5 s
 * (apps/operator/src/mirror/target.ts): else two would undo each other's writes as fast as they can.
 */
const strifeMs = 5_000;

/** A Lease that was not given back is another's by then: 15 s, and 2 s in which that is seen. */
const leaseMs = 17_000;

/**
 * What was refused is tried again every 10 s (docs/metadata-mirror.md, and decision 0003), as where a ConfigMap is in the way that the soak has
 * made nobody's by hand: when that goes no watch tells.
 */
const refusalMs = 10_000;

/** A stream that brings nothing is given up after 150 s, and so is an answer that doesn't come. */
const silenceMs = 150_000;

const silent: ReadonlySet<string> = new Set(["stall", "half-open", "trickle"]);

/** How long a disturbance may be felt after its end, in milliseconds. */
function afterMs(disturbance: Disturbance): number {
  switch (disturbance.type) {
    case "pause":
    case "kill":
    case "roll":
      return leaseMs;
    // Leases aren't renewed meanwhile
    case "restart the API server":
    case "pause etcd":
      return leaseMs;
    case "line":
      return silent.has(disturbance.fault.type) ? silenceMs : leaseMs;
  }
}

/** Within what time all is to be right once these have ended and all replicas are ready again, in milliseconds. */
export function recoveryMs(disturbances: readonly Disturbance[]): number {
  return promptMs + Math.max(strifeMs, refusalMs) + Math.max(0, ...disturbances.map(afterMs));
}
