import type { ApiError } from "./api-error.ts";
import type { Clock } from "./clock.ts";
import type { ContactKind } from "./contact-bound.ts";
import type { KubernetesObject, ObjectMeta } from "./kubernetes-object.ts";
import type { Selection } from "./list.ts";
import type { Transport } from "./transport.ts";

/**
 * What a watch tells, in kube-rs's five words. Between `init` and `initDone` comes the whole state anew, an `initApply` each, of an object
 * that changes meanwhile another one; only at `initDone` does it replace what was known, and **what was known and didn't come is
 * deleted**. An `init` before the `initDone` begins it all over. After that an `apply` for what was created or changed, and a `delete`
 * with the last state.
 */
export type WatchEvent<T> =
  | { readonly type: "init" }
  | { readonly type: "initApply"; readonly object: T }
  | { readonly type: "initDone"; readonly resourceVersion: string }
  | { readonly type: "apply"; readonly object: T }
  | { readonly type: "delete"; readonly object: T };

/** The callbacks must not throw: what they throw is taken for a fault of the stream. */
export interface WatchOptions<T> extends Selection {
  /** Objects a page, where the state comes in pages; 500 by default. */
  readonly pageSize?: number;
  /**
   * After how many milliseconds without anything whole a stream is given up. By default that follows the bookmarks, see `contactBound`:
   * 150,000 for kube-apiserver; and one that is to begin with the whole state, and hasn't told it yet, after 10,000 without any bytes.
   */
  readonly stallMs?: number;
  /** What to keep of an object; called as it comes in, so that the rest is garbage at once. */
  readonly decode: (object: KubernetesObject) => T;
  /** What `decode` would make of the object, where that version of it is at hand already, as after a write of our own: it isn't called then. */
  readonly recall?: (metadata: ObjectMeta) => T | undefined;
  /** Ends the watch; nothing else does. */
  readonly signal: AbortSignal;
  /** Each time the server proves to be there: by what, and within how many milliseconds it is to do so again before it's given up. */
  readonly onContact?: (kind: ContactKind, boundMs: number) => void;
  /** What went wrong, and after how many milliseconds it is tried again. */
  readonly onFault?: (fault: ApiError, retryInMs: number) => void;
  /** Where we were can't be resumed, and why: a new list comes next. */
  readonly onRelist?: (reason: ApiError) => void;
  /** `decode` threw for this object, which is passed over. */
  readonly onPoison?: (error: unknown, object: KubernetesObject) => void;
}

export interface WatchHost {
  readonly transport: Transport;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
}
