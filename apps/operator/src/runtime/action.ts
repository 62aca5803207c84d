/** What a reconciler wants next for its key. */
export type Action =
  /** Nothing, until something changes. */
  (
    | { readonly type: "awaitChange" }
    /** Another pass in `ms` milliseconds, or sooner if something changes. */
    | { readonly type: "requeueAfter"; readonly ms: number }
  ) & {
    /** There was nothing to do: the pass doesn't count where their rate is limited. */
    readonly idle?: boolean;
  };

export const awaitChange: Action = { type: "awaitChange" };

/** Another pass in `ms` milliseconds. */
export function requeueAfter(ms: number): Action {
  return { type: "requeueAfter", ms };
}
