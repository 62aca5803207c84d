import { type ApiClient, type Clock, pods } from "@metadata-mirror/api-client";
import {
  createInterner,
  isGrantTo,
  isReadable,
  isSameSource,
  meets,
  type MetadataMirror,
  mostNamespaces,
  planSources,
  type PodNeed,
  podNeeds,
  type PodSource,
  type ReadableMirror,
  sourceSelector,
  widened,
} from "@metadata-mirror/metadata-model";
import { isolated } from "../runtime/isolated.ts";
import { createRelay } from "../runtime/relay.ts";
import { createTasks } from "../runtime/tasks.ts";
import { keyOf } from "./interest.ts";
import { intoStores, trimmer } from "./pod-parts.ts";
import { runSource, type SourceObserver } from "./source.ts";
import type { Listener, Stores } from "./stores.ts";
import { createSurplus } from "./surplus.ts";
import { peerWire, podWire } from "./wire.ts";

/** What becomes of the watches of pods, for the log. */
export interface PodSourceObserver extends SourceObserver {
  /** A watch begins; it takes over from what there was of its scope once it has a list. */
  readonly onPodSource: (source: PodSource, labelSelector: string) => void;
  /** Pods of the scope are watched no longer. */
  readonly onPodSourceEnd: (scope: string) => void;
}

export interface PodSourcesOptions {
  readonly client: ApiClient;
  readonly clock: Pick<Clock, "sleep">;
  readonly stores: Stores;
  /** The namespaces to watch; undefined means all of them. */
  readonly namespaces: readonly string[] | undefined;
  /** The most namespaces that are watched one by one; those of `namespaces` always are. */
  readonly mostNamespaces?: number;
  /** Whether the pods are to be watched that the mirror needs: it is this operator's to keep, or may come to be. */
  readonly isFollowed: (mirror: MetadataMirror) => boolean;
  readonly observer: PodSourceObserver;
  /** What the mirror waited for is in the stores. */
  readonly wake: (key: string) => void;
  readonly signal: AbortSignal;
}

/** The watches of pods: no more than the mirrors need. */
export interface PodSources {
  /** Hears of what may change the needs. */
  readonly listener: Required<Pick<Listener, "mirror" | "grant" | "configMap">>;
  /** Plans for the first time: the stores of mirrors, grants and ConfigMaps have their first lists. */
  begin(): void;
  /** The needs may have changed. */
  replan(): void;
  /** Whether the stores hold every pod that may be a peer of the mirror, if it is followed. */
  covers(mirror: ReadableMirror): boolean;
  /** Whether pods of another namespace may be peers of the mirror: it's watched, and a grant there names the mirror's namespace. */
  isOpen(mirror: MetadataMirror, namespace: string): boolean;
  /** Whether the stores hold every pod of the namespace that uses a ConfigMap. */
  seesMounts(namespace: string): boolean;
  /** Resolves once what was planned first is listed. */
  readonly ready: Promise<void>;
  /** Resolves once all watches have ended, after the abort of the signal. */
  readonly ended: Promise<void>;
}

/**
 * What is needed no longer is watched for up to so long, in milliseconds: mirrors that come and go take no list each time. Not where that is
 * more namespaces than are watched one by one.
 */
const narrowEveryMs = 300_000;

/** Pods that have ended for good are neither peers nor do they read what they mount: see `isPeer` and `Consumer.references`. */
const notTerminal = "status.phase!=Succeeded,status.phase!=Failed";

/**
 * Watches pods as the mirrors need it, which `planSources` says: what they come to need at once, in time for a pass that waits for it as long
 * as `covers` says that it isn't there; what they need no longer for some minutes more.
 */
export function createPodSources(options: PodSourcesOptions): PodSources {
  const { client, clock, stores, namespaces, observer, signal } = options;
  const most = namespaces === undefined ? (options.mostNamespaces ?? mostNamespaces) : Infinity;
  const tasks = createTasks(signal);
  const surplus = createSurplus(stores);
  const interner = createInterner();
  const relay = createRelay<PodSource>({ signal, onList });
  const ready = Promise.withResolvers<void>();
  const parts = intoStores(stores);
  let hasBegun = false;
  let isDue = false;

  function isOpen(mirror: MetadataMirror, namespace: string): boolean {
    if (!(namespaces?.includes(namespace) ?? true)) return false;
    return stores.grants.inNamespace(namespace).some((grant) => isGrantTo(mirror.namespace, grant));
  }

  function needsOf(mirror: MetadataMirror): readonly PodNeed[] {
    if (!isReadable(mirror) || mirror.terminating || !options.isFollowed(mirror)) return [];
    return podNeeds(mirror, {
      isOpen: (namespace) => isOpen(mirror, namespace),
      hasSurplus: surplus.isOf(mirror),
    });
  }

  /** What each mirror needs. One of which that can't be told keeps no other from its pods: its own passes fail at it, see `covers`. */
  function needsByMirror(): readonly { readonly mirror: MetadataMirror; readonly needs: readonly PodNeed[] }[] {
    const all: { readonly mirror: MetadataMirror; readonly needs: readonly PodNeed[] }[] = [];
    isolated(
      stores.mirrors.all(),
      (mirror) => all.push({ mirror, needs: needsOf(mirror) }),
      () => undefined,
    );
    return all;
  }

  const isMet = (need: PodNeed) => meets(relay.of(need.namespace), need);

  const isCovered = (needs: readonly PodNeed[]) => needs.every((need) => isMet({ ...need, mounts: false }));

  /** How far a mirror's needs are met: with 1 it can be planned, with 2 nothing is missing. */
  function metOf(needs: readonly PodNeed[]): number {
    if (!isCovered(needs)) return 0;
    return needs.every(isMet) ? 2 : 1;
  }

  function start(source: PodSource): void {
    const { namespace: scope } = source;
    const runner = relay.start(scope, source);
    const labelSelector = sourceSelector(source);
    observer.onPodSource(source, labelSelector);
    const task = runSource(client, observer, {
      resource: pods,
      scope,
      ...(labelSelector !== "" && { labelSelector }),
      fieldSelector: notTerminal,
      wire: source.mounts ? podWire : peerWire,
      trim: trimmer(source, interner),
      store: runner.into(parts),
      signal: runner.signal,
      onFault: () => runner.pause(),
      hold: () => runner.hold(),
    });
    tasks.add(task.finally(() => end(runner)));
  }

  function end({ scope, pause }: { readonly scope: string; readonly pause: () => void }): void {
    pause();
    if (signal.aborted) return;
    if (!relay.inCharge.has(scope) && !relay.coming.has(scope)) observer.onPodSourceEnd(scope);
  }

  function onList(commit: () => void): void {
    const before = needsByMirror().map((one) => ({ ...one, met: metOf(one.needs) }));
    commit();
    for (const { mirror, needs, met } of before) if (metOf(needs) > met) options.wake(keyOf(mirror));
    if (relay.coming.size === 0) ready.resolve();
  }

  /** Whether the watch `source` need not be begun: what it is to tell is told already; to narrow, by itself and no more than that. */
  function isSettled(source: PodSource, needs: readonly PodNeed[], narrows: boolean): boolean {
    const { namespace } = source;
    if (!narrows) return needs.every((need) => (namespace !== "" && namespace !== need.namespace) || isMet(need));
    const present = relay.inCharge.get(namespace);
    const isAlone = namespace !== "" || relay.inCharge.size === 1;
    return present !== undefined && isSameSource(present, source) && isAlone;
  }

  function plan(narrows: boolean): void {
    isDue = false;
    if (!hasBegun || signal.aborted) return;
    const needs = needsByMirror().flatMap((one) => one.needs);
    const wanted = new Map(planSources(needs, most).map((source) => [source.namespace, source] as const));
    for (const [scope, source] of wanted) {
      const next = relay.coming.get(scope);
      if (next !== undefined && meets(next, source)) continue;
      if (isSettled(source, needs, narrows)) relay.abandon(scope);
      // also what the one before was to tell: a mirror that flips between selectors can't keep others waiting for ever
      else start(next === undefined ? source : widened(source, next));
    }
    for (const scope of relay.coming.keys()) if (!wanted.has(scope)) relay.abandon(scope);
    // namespaces that come and go would each leave a watch for minutes
    if (narrows || relay.inCharge.size > most) endUnwanted(wanted);
    if (relay.coming.size === 0) ready.resolve();
  }

  /** Ends the watches of what nobody needs, and forgets what they told. */
  function endUnwanted(wanted: ReadonlyMap<string, PodSource>): void {
    // one of all namespaces ends the others when it has its list, and is ended when each of the others has
    if (wanted.has("")) return;
    if (relay.inCharge.has("") && ![...wanted.keys()].every((scope) => relay.inCharge.has(scope))) return;
    for (const scope of relay.inCharge.keys()) if (!wanted.has(scope)) relay.end(scope);
    const isUnwatched = (namespace: string) => relay.of(namespace) === undefined;
    parts.listing(isUnwatched);
    parts.swap(isUnwatched, [], "");
  }

  function replan(): void {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => plan(false));
  }

  async function narrow(): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(narrowEveryMs, signal);
      plan(true);
    }
  }

  return {
    listener: {
      mirror({ after }) {
        // one that is coming takes over with what it was planned for
        if (after !== undefined && (relay.coming.size > 0 || metOf(needsOf(after)) < 2)) replan();
      },
      grant: replan,
      configMap(change) {
        if (surplus.configMap(change)) replan();
      },
    },
    begin() {
      hasBegun = true;
      plan(false);
      tasks.add(narrow());
    },
    replan,
    covers: (mirror) => isCovered(needsOf(mirror)),
    isOpen,
    seesMounts: (namespace) => relay.of(namespace)?.mounts ?? false,
    ready: ready.promise,
    ended: tasks.ended,
  };
}
