import type { Clock } from "@metadata-mirror/api-client";
import { namespaceOf } from "./interest.ts";

/**
 * Where the API server refuses to have pods refreshed: a whole namespace, most often since the right is missing, or one pod of it, as an
 * admission policy or a webhook may. A 403 doesn't say which; that another pod of the namespace is taken does. Pods go by their keys.
 */
export interface Refusals {
  isRefused(namespace: string): boolean;
  /** Whether it's known that the pod is refused, by itself or with its namespace. */
  isKnown(key: string): boolean;
  /** In how many milliseconds the pod may be tried: 0 is now. It waits from now on. */
  wait(key: string): number;
  /** The pod is being tried: where its namespace is refused no other one is for a while. */
  claim(key: string): void;
  /** The pod was refused: in how many milliseconds it may be tried again. */
  refuse(key: string): number;
  /** The pod needs nothing: a namespace where no pod waits isn't refused anything. */
  release(key: string): void;
  /** The pod is no more: it needs nothing, and proves nothing. */
  forget(key: string): void;
  /** The pod was taken: so will be the others of its namespace, but for those that are refused by themselves. */
  heal(key: string): void;
}

export interface RefusalsOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** The namespace is refused from now on, or no longer; these pods have waited for the latter. */
  readonly onTurn: (namespace: string, keys: Iterable<string>) => void;
}

/** A namespace that is refused. */
interface Refusal {
  until: number;
  /** The pods that wait, and whether each was tried in this round: the others go first. */
  readonly waiting: Map<string, boolean>;
}

/** A right may come without our being told: it's tried again after so long, in milliseconds. */
const refusedForMs = 10_000;

/** How many of the pods that were taken last are remembered of a namespace: one of them may be the next that is refused. */
const witnesses = 2;

/** No namespace is refused. */
export function createRefusals({ clock, onTurn }: RefusalsOptions): Refusals {
  const refusals = new Map<string, Refusal>();
  /** Pods that are refused by themselves, and until when each waits. */
  const alone = new Map<string, number>();
  /** Namespace → pods that were taken and not refused since, and when, the last of them last. */
  const taken = new Map<string, Map<string, number>>();

  function end(namespace: string): void {
    const refusal = refusals.get(namespace);
    refusals.delete(namespace);
    if (refusal !== undefined) onTurn(namespace, refusal.waiting.keys());
  }

  function unwitness(key: string): void {
    const pods = taken.get(namespaceOf(key));
    if (pods?.delete(key) && pods.size === 0) taken.delete(namespaceOf(key));
  }

  /** Whether the refusal of the pod says nothing of the others: one of them was taken just now, or has been since it was known for this. */
  function isAlone(key: string): boolean {
    const others = taken.get(namespaceOf(key));
    if (others === undefined) return false;
    return alone.has(key) || clock.monotonic() - Math.max(...others.values()) < refusedForMs;
  }

  function release(key: string): void {
    alone.delete(key);
    const waiting = refusals.get(namespaceOf(key))?.waiting;
    if (waiting?.delete(key) && waiting.size === 0) end(namespaceOf(key));
  }

  return {
    isRefused: (namespace) => refusals.has(namespace),
    isKnown: (key) => alone.has(key) || refusals.has(namespaceOf(key)),
    wait(key) {
      const now = clock.monotonic();
      const ownMs = Math.max(0, (alone.get(key) ?? 0) - now);
      const refusal = refusals.get(namespaceOf(key));
      if (refusal === undefined) return ownMs;
      const { waiting, until } = refusal;
      const wasTried = waiting.get(key) ?? false;
      waiting.set(key, wasTried);
      // who was tried lets the others go first, and takes over where none of them comes
      const isSecond = wasTried && [...waiting.values()].includes(false);
      return Math.max(ownMs, until + (isSecond ? refusedForMs : 0) - now, 0);
    },
    claim(key) {
      const refusal = refusals.get(namespaceOf(key));
      if (refusal !== undefined) refusal.until = clock.monotonic() + refusedForMs;
    },
    refuse(key) {
      const namespace = namespaceOf(key);
      const until = clock.monotonic() + refusedForMs;
      unwitness(key);
      if (isAlone(key)) {
        alone.set(key, until);
        return refusedForMs;
      }
      alone.delete(key);
      taken.delete(namespace);
      const known = refusals.get(namespace);
      const waiting = known?.waiting ?? new Map<string, boolean>();
      waiting.set(key, true);
      // a round is over when all were tried; the last one isn't the first of the next
      if (![...waiting.values()].includes(false)) for (const one of waiting.keys()) waiting.set(one, one === key);
      refusals.set(namespace, { until, waiting });
      if (known === undefined) onTurn(namespace, []);
      return refusedForMs;
    },
    release,
    forget(key) {
      unwitness(key);
      release(key);
    },
    heal(key) {
      const namespace = namespaceOf(key);
      alone.delete(key);
      const pods = taken.get(namespace) ?? new Map<string, number>();
      pods.delete(key);
      taken.set(namespace, pods.set(key, clock.monotonic()));
      const [first = key] = pods.keys();
      if (pods.size > witnesses) pods.delete(first);
      end(namespace);
    },
  };
}
