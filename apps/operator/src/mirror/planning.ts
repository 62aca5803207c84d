import type { Clock } from "@metadata-mirror/api-client";

/** What is remembered of the planning of one mirror. Times are in milliseconds, on the monotonic clock. */
export interface PlanningTurn {
  /** When its turn comes; undefined where it doesn't wait for one. */
  at: number | undefined;
  /** For how long the turn that it waits for keeps its namespace from others. */
  reservedMs: number;
  /** What its last planning took; undefined before the first. */
  tookMs: number | undefined;
  /** When it last went before its turn. */
  skippedAt: number;
}

/** What turns are measured by, both in milliseconds. */
export interface PlanningClock extends Pick<Clock, "monotonic"> {
  /** How long the processor has worked for us: what others keep it from us is no burden of ours. */
  readonly processor: () => number;
}

/** When the mirrors of each namespace may be planned. */
export interface Planning {
  /** In how many milliseconds the mirror of `turn` may be planned, 0 for now. What `urgent` asks for may go before its turn. */
  readonly wait: (namespace: string, turn: PlanningTurn, urgent: boolean) => number;
  /** Plans, and notes what that took. */
  readonly run: <T>(namespace: string, turn: PlanningTurn, make: () => T) => T;
  /** The mirror of `turn` is gone: others may have what it waits for. */
  readonly leave: (namespace: string, turn: PlanningTurn) => void;
}

interface Lane {
  /** When the next turn is that nobody waits for. */
  nextAt: number;
  /** What the last burdensome planning took, in milliseconds. */
  usualMs: number;
  /** Until when what went before its turn would rest, if it were to. */
  skippedUntil: number;
}

/** Planning that takes the processor no longer is no burden, in milliseconds. */
const lightMs = 2;

/** Planning that takes t keeps its namespace for so many t: mirrors that change all the time take a quarter of the processor together. */
const share = 4;

/** A mirror goes before its turn once in so long, in milliseconds. */
const skipEveryMs = 1_000;

/** The mirrors of a namespace plan for so long in a row before their turns, in milliseconds; then for a quarter of the time. */
const skipBurstMs = 2_000;

/** The turn of a mirror that was not planned yet. */
export function firstTurn(): PlanningTurn {
  return { at: undefined, reservedMs: 0, tookMs: undefined, skippedAt: -Infinity };
}

/**
 * Turns of planning. The mirrors of a namespace share one lane, in which each planning is followed by a rest. What comes meanwhile is given a
 * turn of its own, one after another and as far apart as planning is likely to take and rest, so that each mirror is planned again,
 * however many change all the time. The first change after a quiet time never waits, nor does a mirror whose last planning was light.
 */
export function createPlanning({ monotonic, processor }: PlanningClock): Planning {
  const lanes = new Map<string, Lane>();

  function laneOf(namespace: string, now: number): Lane {
    const known = lanes.get(namespace);
    if (known !== undefined) return known;
    for (const [name, { nextAt, skippedUntil }] of lanes) if (Math.max(nextAt, skippedUntil) <= now) lanes.delete(name);
    const lane = { nextAt: now, usualMs: 0, skippedUntil: now };
    lanes.set(namespace, lane);
    return lane;
  }

  return {
    wait(namespace, turn, urgent) {
      const now = monotonic();
      const lane = lanes.get(namespace);
      if (lane === undefined || (turn.tookMs ?? Infinity) <= lightMs) return 0;
      if (turn.at === undefined && lane.nextAt <= now) return 0;
      const at = (turn.at ??= reserve(lane, turn));
      const skipAt = Math.max(turn.skippedAt + skipEveryMs, lane.skippedUntil - share * skipBurstMs);
      return Math.max(0, (urgent ? Math.min(at, skipAt) : at) - now);
    },
    run(namespace, turn, make) {
      const began = monotonic();
      const spent = processor();
      const made = make();
      turn.tookMs = processor() - spent;
      const isLight = turn.tookMs <= lightMs;
      const costMs = isLight ? 0 : share * turn.tookMs;
      const lane = laneOf(namespace, began);
      if (!isLight) lane.usualMs = turn.tookMs;
      if (turn.at !== undefined && turn.at > began) {
        // its turn is still to come
        turn.skippedAt = began;
        lane.skippedUntil = Math.max(lane.skippedUntil, began) + costMs;
        return made;
      }
      lane.nextAt += costMs - giveBack(turn);
      if (!isLight) lane.nextAt = Math.max(lane.nextAt, began + costMs);
      return made;
    },
    leave(namespace, turn) {
      const lane = lanes.get(namespace);
      if (lane !== undefined) lane.nextAt -= giveBack(turn);
    },
  };
}

/** The next turn of the lane. */
function reserve(lane: Lane, turn: PlanningTurn): number {
  const at = lane.nextAt;
  turn.reservedMs = share * (turn.tookMs ?? lane.usualMs);
  lane.nextAt += turn.reservedMs;
  return at;
}

/** The turn is over; answers what it had reserved. */
function giveBack(turn: PlanningTurn): number {
  const { reservedMs } = turn;
  turn.at = undefined;
  turn.reservedMs = 0;
  return reservedMs;
}
