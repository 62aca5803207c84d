import type { Clock } from "@metadata-mirror/api-client";
import type { Consumer } from "@metadata-mirror/metadata-model";
import type { ByteBudget } from "../runtime/byte-budget.ts";
import { keyOf, namespaceOf } from "./interest.ts";

/**
 * What the patches of pods cost the byte budget: each makes etcd store the whole pod anew. Of each namespace one pod at a time waits in the
 * budget's line, and the others behind it: a ConfigMap that is to be written waits for one pod, not for thousands.
 */
export interface RefreshCharges {
  /** Charges a patch of the pod; where `waitMs` isn't 0 nothing was charged, and it's to be charged again in so many milliseconds or when it's woken. */
  charge(consumer: Consumer): ReturnType<ByteBudget["charge"]>;
  /** The pod isn't to be patched now, and waits no longer. */
  release(key: string): void;
}

export interface RefreshChargesOptions {
  readonly budget: ByteBudget;
  readonly clock: Pick<Clock, "monotonic">;
  /** It's the pod's turn to be charged. */
  readonly wake: (key: string) => void;
  readonly onHeld: (key: string, waitMs: number) => void;
}

/** The pods of a namespace that are held back. */
interface Line {
  /** Whose turn it is. */
  first: string;
  /** Until when the budget told it to wait; undefined where it was not charged yet. */
  until: number | undefined;
  readonly behind: Set<string>;
}

/** Who is behind is woken when it's his turn; this is but a net, in milliseconds. */
const behindMs = 10_000;

/** Charges to `budget`. */
export function createRefreshCharges({ budget, clock, wake, onHeld }: RefreshChargesOptions): RefreshCharges {
  const lines = new Map<string, Line>();

  /** The first has had its turn. */
  function pass(namespace: string): void {
    const line = lines.get(namespace);
    const [next] = line?.behind ?? [];
    if (line === undefined || next === undefined) return void lines.delete(namespace);
    line.behind.delete(next);
    line.first = next;
    line.until = undefined;
    wake(next);
  }

  return {
    charge(consumer) {
      const { namespace, bytes } = consumer;
      const key = keyOf(consumer);
      const line = lines.get(namespace) ?? { first: key, until: undefined, behind: new Set<string>() };
      if (line.first !== key) {
        line.behind.add(key);
        return held(behindMs);
      }
      const now = clock.monotonic();
      if (line.until !== undefined && line.until > now) return held(line.until - now);
      const charge = budget.charge(namespace, bytes, { waited: line.until !== undefined });
      if (charge.waitMs === 0) {
        pass(namespace);
        return charge;
      }
      line.until = now + charge.waitMs;
      lines.set(namespace, line);
      onHeld(key, charge.waitMs);
      return charge;
    },
    release(key) {
      const namespace = namespaceOf(key);
      const line = lines.get(namespace);
      if (line?.first === key) pass(namespace);
      else line?.behind.delete(key);
    },
  };
}

function held(waitMs: number): ReturnType<ByteBudget["charge"]> {
  return { waitMs, refund: () => undefined };
}
