import type { Clock } from "@metadata-mirror/api-client";
import { type Consumer, patchEveryMs, settleMs } from "@metadata-mirror/metadata-model";
import { createRecent } from "../runtime/recent.ts";
import type { WorkQueue } from "../runtime/work-queue.ts";
import { keyOf } from "./interest.ts";

/** Which pods are to be looked at, and what has just happened to them; all of it can be lost without harm. */
export interface RefreshAgenda {
  /** The pod is to be looked at. */
  wake(key: string): void;
  /** Data that the pod mounts has changed: it is to be looked at, and is owed a refresh from now on. Whoever is owed one is on the agenda. */
  owe(key: string): void;
  /** The pod is being looked at: since when it is owed a refresh, on the monotonic clock. It is owed none until something changes again. */
  begin(key: string): number | undefined;
  /** The pod is still owed what it was owed `since`, now if that is undefined, and comes up again by itself. */
  defer(key: string, since: number | undefined): void;
  /** How many pods are owed a refresh. */
  readonly owed: number;
  /** The watch shows that these keys of a ConfigMap have changed; undefined means that it came, went, or got another owner. */
  show(namespace: string, configMap: string, keys: readonly string[] | undefined): void;
  /** How many milliseconds ago the watch last showed a change of what the pod mounts; undefined: long ago. */
  sinceShown(consumer: Consumer): number | undefined;
  /** The pod is told by this annotation now; undefined: it came with one, and who wrote it when is not known. */
  tell(key: string, annotation: string | undefined): void;
  /** How many milliseconds ago that was, undefined where long ago, and whether the annotation that the pod has is what we wrote then. */
  told(consumer: Consumer): { readonly sinceTold: number | undefined; readonly isOurs: boolean };
  /** The pod is no more. */
  forget(key: string): void;
}

/** An empty agenda, in front of `queue`. */
export function createRefreshAgenda(queue: Pick<WorkQueue, "add">, clock: Pick<Clock, "monotonic">): RefreshAgenda {
  const owed = new Map<string, number>();
  const shown = createRecent(clock, settleMs);
  const told = createRecent(clock, patchEveryMs);
  const ours = new Map<string, string>();
  const id = (...parts: readonly string[]) => parts.join("/");
  // no key is called so
  const every = "*";
  return {
    wake: (key) => queue.add(key),
    owe(key) {
      if (owed.has(key)) return;
      owed.set(key, clock.monotonic());
      queue.add(key);
    },
    begin(key) {
      const since = owed.get(key);
      owed.delete(key);
      return since;
    },
    defer: (key, since) => void owed.set(key, since ?? clock.monotonic()),
    get owed() {
      return owed.size;
    },
    show(namespace, configMap, keys) {
      shown.note(id(namespace, configMap));
      for (const key of keys ?? [every]) shown.note(id(namespace, configMap, key));
    },
    sinceShown({ namespace, mounts }) {
      const since = mounts
        .flatMap(({ configMap, keys }) =>
          keys === undefined
            ? [id(namespace, configMap)]
            : [every, ...keys].map((key) => id(namespace, configMap, key)),
        )
        .map((what) => shown.since(what) ?? Number.POSITIVE_INFINITY);
      const least = Math.min(...since);
      return least === Number.POSITIVE_INFINITY ? undefined : least;
    },
    tell(key, annotation) {
      told.note(key);
      if (annotation === undefined) ours.delete(key);
      else ours.set(key, annotation);
    },
    told(consumer) {
      const key = keyOf(consumer);
      return { sinceTold: told.since(key), isOurs: ours.get(key) === consumer.revision };
    },
    forget: (key) => void ours.delete(key),
  };
}
