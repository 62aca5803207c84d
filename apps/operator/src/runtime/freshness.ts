import { type ApiError, type Clock, type ContactKind, contactBound } from "@metadata-mirror/api-client";

/** A watch as it goes on, from one connection to the next, for as long as somebody needs it. */
export interface Stream {
  /** The plural of its resource. */
  readonly resource: string;
  /** The namespace that it covers, "" for all, or where there are none. */
  readonly scope: string;
  /** Since it last proved that it follows the API server, or began, in milliseconds. */
  readonly ageMs: number;
  /** What `ageMs` is up to while all is well. */
  readonly boundMs: number;
  /** When it last proved so, in milliseconds since the epoch; undefined where it never did. */
  readonly lastContact: number | undefined;
  /** Whether the API server was there when it last told anything: it doesn't wait for another try. */
  readonly isOpen: boolean;
  /** `ageMs` is past the bound, by more than it takes to open a silent stream anew. */
  readonly isLate: boolean;
  /** The fault that it met when it was late and the API server was there for others; undefined again with its next contact. */
  readonly staleFault: string | undefined;
}

/** What a stream tells of itself. */
interface StreamReport {
  readonly contact: (kind: ContactKind, boundMs: number) => void;
  readonly fault: (fault: Pick<ApiError, "message" | "status">, retryInMs: number) => void;
  /** It's needed no longer, and forgotten. */
  readonly end: () => void;
}

/** What is known of the streams, computed when it is asked for. */
export interface Freshness {
  readonly begin: (resource: string, scope: string) => StreamReport;
  readonly streams: () => readonly Stream[];
  /** Those that tell of the resource in the namespace, "" for what is in none. */
  readonly of: (resource: string, namespace: string) => readonly Stream[];
  /** When all of these last proved anything, in milliseconds since the epoch; undefined where none ever did. */
  readonly toldUntil: (resource: string, namespace: string) => number | undefined;
  /** What the stream met last that fails for the longest time; undefined while none fails. */
  readonly fault: () => string | undefined;
  /** What has not had an answer for so long that the process is to be restarted, in a sentence; undefined where there's nothing of the kind. */
  readonly stalled: () => string | undefined;
}

/** A stream came to be stale, or a stale one follows again, or is needed no longer. */
export type Turn = "stale" | "fresh" | "ended";

export interface FreshnessOptions {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly onTurn: (stream: Stream, turn: Turn) => void;
}

/** Within this, in milliseconds, a stream that was given up for its silence is open again: the shortest back-off, and the way there. */
export const graceMs = 10_000;

/** The longest back-off of a watch, and what a request may take before it fails, in milliseconds. */
export const livenessSlackMs = 30_000 + 30_000;

interface State {
  readonly resource: string;
  readonly scope: string;
  boundMs: number;
  /** Times are of the monotonic clock, but for `lastContact`. */
  provenAt: number;
  lastContact: number | undefined;
  lastKind: ContactKind | undefined;
  /** When there was last an answer of any kind, and for how long the next may take. */
  answeredAt: number;
  patienceMs: number;
  /** When it failed first since it last proved anything. */
  failingSince: number | undefined;
  fault: string | undefined;
  isOpen: boolean;
  staleFault: string | undefined;
}

/**
 * Keeps what streams tell of themselves, without a timer. **Fresh** is who was proven to follow: by an event, a bookmark, a whole list, or a
 * stream that goes on, unless the one before it was opened too and then brought nothing. **Alive** is who was answered anything, a refusal as well: then
 * nothing is stuck. A stream turns stale at a fault, when it's late and some stream was answered after it had begun to fail: of an API server
 * that is away for all of them nothing could be told by a status.
 */
export function createFreshness({ clock, onTurn }: FreshnessOptions): Freshness {
  const states = new Set<State>();
  /** The same by resource and scope. */
  const index = new Map<string, Map<string, Set<State>>>();

  function begin(state: State): void {
    const { resource, scope } = state;
    const scopes = index.get(resource) ?? new Map<string, Set<State>>();
    states.add(state);
    index.set(resource, scopes.set(scope, (scopes.get(scope) ?? new Set()).add(state)));
  }

  function end(state: State): void {
    const scopes = index.get(state.resource);
    states.delete(state);
    scopes?.get(state.scope)?.delete(state);
    if (scopes?.get(state.scope)?.size === 0) scopes.delete(state.scope);
    if (state.staleFault !== undefined) onTurn(streamOf(state), "ended");
  }

  function* of(resource: string, namespace: string): Iterable<State> {
    const scopes = index.get(resource);
    yield* scopes?.get("") ?? [];
    if (namespace !== "") yield* scopes?.get(namespace) ?? [];
  }

  function streamOf(state: State): Stream {
    const { resource, scope, boundMs, lastContact, isOpen, staleFault } = state;
    const ageMs = clock.monotonic() - state.provenAt;
    return { resource, scope, ageMs, boundMs, lastContact, isOpen, isLate: ageMs > boundMs + graceMs, staleFault };
  }

  function contact(state: State, kind: ContactKind, boundMs: number): void {
    const proves = kind !== "part" && (kind !== "reply" || state.lastKind !== "reply");
    const now = clock.monotonic();
    state.lastKind = kind;
    state.boundMs = boundMs;
    state.answeredAt = now;
    state.patienceMs = boundMs;
    state.isOpen = true;
    if (!proves) return;
    state.provenAt = now;
    state.lastContact = clock.now();
    state.failingSince = undefined;
    state.fault = undefined;
    if (state.staleFault === undefined) return;
    state.staleFault = undefined;
    onTurn(streamOf(state), "fresh");
  }

  function fail(state: State, { message, status }: Pick<ApiError, "message" | "status">, retryInMs: number): void {
    const now = clock.monotonic();
    const failingSince = state.failingSince ?? now;
    Object.assign(state, { failingSince, fault: message, isOpen: false });
    if (status !== undefined) {
      state.answeredAt = now;
      // it may have asked us to wait for longer
      state.patienceMs = Math.max(state.boundMs, retryInMs);
    }
    if (state.staleFault !== undefined || !streamOf(state).isLate) return;
    if (![...states].some(({ answeredAt }) => answeredAt > failingSince)) return;
    state.staleFault = message;
    onTurn(streamOf(state), "stale");
  }

  return {
    begin(resource, scope) {
      const now = clock.monotonic();
      const boundMs = contactBound([]);
      const state: State = {
        resource,
        scope,
        boundMs,
        provenAt: now,
        lastContact: undefined,
        lastKind: undefined,
        answeredAt: now,
        patienceMs: boundMs,
        failingSince: undefined,
        fault: undefined,
        isOpen: false,
        staleFault: undefined,
      };
      begin(state);
      return {
        contact: (kind, bound) => contact(state, kind, bound),
        fault: (fault, retryInMs) => fail(state, fault, retryInMs),
        end: () => end(state),
      };
    },
    streams: () => [...states].map(streamOf),
    of: (resource, namespace) => [...of(resource, namespace)].map(streamOf),
    toldUntil(resource, namespace) {
      let earliest: number | undefined;
      for (const { lastContact = Infinity } of of(resource, namespace)) {
        if (lastContact < (earliest ?? Infinity)) earliest = lastContact;
      }
      return earliest;
    },
    fault() {
      const failing = [...states].filter(({ failingSince }) => failingSince !== undefined);
      return failing.toSorted((a, b) => (a.failingSince ?? 0) - (b.failingSince ?? 0))[0]?.fault;
    },
    stalled() {
      const now = clock.monotonic();
      const stuck = [...states].filter(({ answeredAt, patienceMs }) => now - answeredAt > patienceMs + livenessSlackMs);
      const [worst] = stuck.toSorted((a, b) => a.answeredAt - b.answeredAt);
      return worst && sentenceOf(worst, now - worst.answeredAt, clock.now());
    },
  };
}

function sentenceOf({ resource, scope, fault }: State, silentMs: number, now: number): string {
  const where = scope === "" ? "" : ` in namespace ${scope}`;
  const since = new Date(now - silentMs).toISOString();
  const last = fault === undefined ? "" : `; last fault: ${fault}`;
  return `the watch of ${resource}${where} has had no answer for ${Math.round(silentMs / 1000)} s, since ${since}${last}; a restart connects anew; if that doesn't help, see that the API server can be reached from here`;
}
