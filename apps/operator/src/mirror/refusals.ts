import type { Clock } from "@metadata-mirror/api-client";
import { namespaceOf } from "./interest.ts";

/** Namespaces in which the API server refuses to have pods refreshed, most often since the right is missing. Pods go by their keys. */
export interface Refusals {
  isRefused(namespace: string): boolean;
  /** In how many milliseconds the pod may be tried: 0 is now, and where its namespace is refused no other one for a while. */
  claim(key: string): number;
  /** The pod was refused: in how many milliseconds it may be tried again. */
  refuse(key: string): number;
  /** The pod needs nothing: a namespace where no pod waits isn't refused anything. */
  release(key: string): void;
  /** The pod was taken: so will be the others of its namespace. */
  heal(key: string): void;
}

export interface RefusalsOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** The namespace is refused from now on, or no longer; these pods have waited for the latter. */
  readonly onTurn: (namespace: string, keys: Iterable<string>) => void;
}

/** A right may come without our being told: it's tried again after so long, in milliseconds. */
const refusedForMs = 10_000;

/** No namespace is refused. */
export function createRefusals({ clock, onTurn }: RefusalsOptions): Refusals {
  const refusals = new Map<string, { until: number; readonly waiting: Set<string> }>();

  function end(namespace: string): void {
    const refusal = refusals.get(namespace);
    refusals.delete(namespace);
    if (refusal !== undefined) onTurn(namespace, refusal.waiting);
  }

  return {
    isRefused: (namespace) => refusals.has(namespace),
    claim(key) {
      const refusal = refusals.get(namespaceOf(key));
      if (refusal === undefined) return 0;
      const now = clock.monotonic();
      refusal.waiting.add(key);
      if (refusal.until > now) return refusal.until - now;
      refusal.until = now + refusedForMs;
      return 0;
    },
    refuse(key) {
      const namespace = namespaceOf(key);
      const known = refusals.get(namespace);
      const refusal = known ?? { until: 0, waiting: new Set() };
      refusal.until = clock.monotonic() + refusedForMs;
      refusal.waiting.add(key);
      refusals.set(namespace, refusal);
      if (known === undefined) onTurn(namespace, []);
      return refusedForMs;
    },
    release(key) {
      const waiting = refusals.get(namespaceOf(key))?.waiting;
      if (waiting?.delete(key) && waiting.size === 0) end(namespaceOf(key));
    },
    heal: (key) => end(namespaceOf(key)),
  };
}
