import { type ApiRequest, isAt, type Where } from "./api-request.ts";
import type { Fault } from "./fault.ts";

/** A fault that is on, or was. */
export interface Injection {
  /** How often it has struck: requests, connections and pieces that it touched. */
  readonly hits: number;
  /** How many of the answers that it left without an end, or made slow, were given up by the client. */
  readonly givenUp: number;
  /** Ends it: what comes from now on is as it should be. What it silenced stays silent, and what it slowed slow. */
  lift(): Promise<void>;
}

/** The same, as those see it who carry it out. */
export interface ActiveFault {
  readonly fault: Fault;
  /** Whether it concerns the request, now. */
  concerns(request: ApiRequest): boolean;
  readonly isLifted: boolean;
  hit(): void;
  giveUp(): void;
}

/** A fault that begins now; `end` is what it takes to lift it. */
export function createInjection(fault: Fault, where: Where, end: () => Promise<void>): Injection & ActiveFault {
  let isLifted = false;
  const most = fault.type === "refusal" ? (fault.times ?? Infinity) : Infinity;
  let hits = 0;
  let givenUp = 0;
  return {
    fault,
    concerns: (request) => !isLifted && hits < most && isAt(where, request),
    get isLifted() {
      return isLifted;
    },
    hit: () => void hits++,
    giveUp: () => void givenUp++,
    get hits() {
      return hits;
    },
    get givenUp() {
      return givenUp;
    },
    async lift() {
      if (isLifted) return;
      isLifted = true;
      await end();
    },
  };
}
