import type { Clock } from "@metadata-mirror/api-client";
import type { Reconciler } from "./controller.ts";

export interface PropagationOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** What a key was woken for is written, so many milliseconds after the first of it was received. */
  readonly onShown: (ms: number) => void;
}

/** How long changes take to show, by the keys that they wake. */
export interface Propagation {
  /** A change woke the key. */
  received(key: string): void;
  /** The pass over the key that is under way leaves nothing of what it saw undone; `written` says whether something was written. */
  settled(key: string, written: boolean): void;
  /** The same reconciler, whose passes are told of here. */
  ofPasses(reconcile: Reconciler): Reconciler;
  /** How many changes joined others that waited for the same key. */
  readonly coalesced: number;
}

/**
 * Nothing waits. What is received before a pass begins is served by that pass, and what comes during it by the next. A pass that settles nothing
 * and is to come again owes what it served, and one that waits for a change owes nothing: then there is nothing to write, or a
 * person has to act first.
 */
export function createPropagation({ clock, onShown }: PropagationOptions): Propagation {
  /** By key, when the first change was received that no pass has served yet; and that which the pass under way serves. */
  const waiting = new Map<string, number>();
  const serving = new Map<string, number>();
  let coalesced = 0;

  function wait(key: string, since: number): void {
    if (waiting.has(key)) coalesced++;
    waiting.set(key, Math.min(since, waiting.get(key) ?? Infinity));
  }

  return {
    received: (key) => wait(key, clock.monotonic()),
    settled(key, written) {
      const since = serving.get(key);
      serving.delete(key);
      if (written && since !== undefined) onShown(clock.monotonic() - since);
    },
    ofPasses: (reconcile) => async (key) => {
      const since = waiting.get(key);
      if (since === undefined) return reconcile(key);
      waiting.delete(key);
      serving.set(key, since);
      let isOwed = true;
      try {
        const action = await reconcile(key);
        isOwed = action.type !== "awaitChange";
        return action;
      } finally {
        if (serving.delete(key) && isOwed) wait(key, since);
      }
    },
    get coalesced() {
      return coalesced;
    },
  };
}
