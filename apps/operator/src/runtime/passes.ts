import type { Reconciler } from "./controller.ts";

/** The passes of a reconciler that are under way. */
export interface Passes {
  /** The reconciler, with its passes known here from now on. */
  readonly of: (reconcile: Reconciler) => Reconciler;
  /** Resolves once those have ended that are under way now, of keys that `concerns`; all by default. */
  readonly end: (concerns?: (key: string) => boolean) => Promise<void>;
}

/** None yet. */
export function createPasses(): Passes {
  const underWay = new Map<Promise<unknown>, string>();
  return {
    of: (reconcile) => (key) => {
      const pass = reconcile(key).finally(() => underWay.delete(pass));
      underWay.set(pass, key);
      return pass;
    },
    async end(concerns = () => true) {
      await Promise.allSettled([...underWay].flatMap(([pass, key]) => (concerns(key) ? [pass] : [])));
    },
  };
}
