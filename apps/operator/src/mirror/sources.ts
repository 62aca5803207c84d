import {
  type ApiClient,
  type ApiError,
  configMaps,
  type KubernetesObject,
  nodes,
  pods,
  type Resource,
} from "@metadata-mirror/api-client";
import {
  type ConfigMapState,
  type Consumer,
  configMapState,
  consumerOf,
  metadataGrant,
  metadataMirror,
  mirrorLabel,
  nodeMetadata,
  type PodMetadata,
  podMetadata,
  usesConfigMaps,
} from "@metadata-mirror/metadata-model";
import { fork } from "../runtime/fork.ts";
import { reflect } from "../runtime/reflect.ts";
import type { Entry, Reflection } from "../runtime/store.ts";
import { digest } from "./digest.ts";
import { metadataGrants, metadataMirrors } from "./resources.ts";
import type { Stores } from "./stores.ts";

/** One watch: a resource, in one namespace or ("") in all of them. */
interface Source {
  readonly resource: Resource;
  readonly scope: string;
}

/** What becomes of the sources, for logs, metrics and readiness. */
export interface SourceObserver {
  /** The API server proved that it is there: an event, a bookmark, a reply. */
  readonly onContact: (source: Source) => void;
  readonly onFault: (source: Source, fault: ApiError, retryInMs: number) => void;
  /** An object that can't be read is left out; the others come through. */
  readonly onPoison: (source: Source, error: unknown, object: KubernetesObject) => void;
}

export interface SourceOptions {
  readonly client: ApiClient;
  readonly stores: Stores;
  /** The namespaces to watch; undefined means all of them. */
  readonly namespaces: readonly string[] | undefined;
  readonly observer: SourceObserver;
  /** Tells that nodes may or may not be read from now on. */
  readonly onNodesReadable: (readable: boolean) => void;
  readonly signal: AbortSignal;
}

/** The watches of the operator. */
export interface Sources {
  /** Resolves once every store has its first list; without the right to read nodes, nodes are waited for in vain and so are not. */
  readonly ready: Promise<void>;
  /** Resolves once all watches have ended, after the abort of the signal. */
  readonly ended: Promise<void>;
}

/** An entry of a store: where the object is, and what `trim` keeps of it. */
function entryOf<T>(object: KubernetesObject, trim: (object: KubernetesObject) => T): Entry<T> {
  const { namespace = "", name = "", resourceVersion = "" } = object.metadata;
  return { namespace, name, resourceVersion, object: trim(object) };
}

/** What is kept of a pod, for its peers and about what it mounts itself: the latter changes with each refresh, the former doesn't. */
function podParts(object: KubernetesObject) {
  const consumer = consumerOf(object);
  return { pod: podMetadata(object), consumer: usesConfigMaps(consumer) ? consumer : undefined };
}

/** Where pods and ConfigMaps go: each to two stores. */
function forks({ pods: podStore, consumers, configMaps: configMapStore, shownConfigMaps }: Stores) {
  /** The same object in both stores, where they hold the same version. */
  function shared(state: ConfigMapState): ConfigMapState {
    const held = configMapStore.get(state.namespace, state.name);
    return held?.uid === state.uid && held.resourceVersion === state.resourceVersion ? held : state;
  }
  return {
    pods: fork<ReturnType<typeof podParts>, PodMetadata, Consumer>(
      { store: podStore, part: ({ pod }) => pod },
      { store: consumers, part: ({ consumer }) => consumer },
    ),
    configMaps: fork<ConfigMapState, ConfigMapState, ConfigMapState>(
      { store: configMapStore, part: (state) => state },
      { store: shownConfigMaps, part: shared },
    ),
  };
}

/** Starts to watch everything that mirrors are made from, trimming each object as it comes. */
export function startSources(options: SourceOptions): Sources {
  const { client, stores, observer, onNodesReadable, signal } = options;
  const listed: Promise<void>[] = [];
  const ended: Promise<void>[] = [];
  const forked = forks(stores);

  interface Watched<T> {
    readonly resource: Resource;
    readonly store: Reflection<T>;
    readonly trim: (object: KubernetesObject) => T;
    readonly labelSelector?: string;
    readonly onFault?: (fault: ApiError) => void;
    readonly onContact?: () => void;
  }

  function start<T>(scope: string, { resource, store, trim, labelSelector, onFault, onContact }: Watched<T>): void {
    const source = { resource, scope };
    const { promise, resolve } = Promise.withResolvers<void>();
    listed.push(promise);
    const events = client.watch(resource, {
      ...(scope !== "" && { namespace: scope }),
      ...(labelSelector !== undefined && { labelSelector }),
      decode: (object) => entryOf(object, trim),
      signal,
      onContact: () => {
        onContact?.();
        observer.onContact(source);
      },
      onFault: (fault, retryInMs) => {
        onFault?.(fault);
        // what we may not read won't come: waiting for it would keep all mirrors waiting
        if (onFault !== undefined && fault.code === "forbidden") resolve();
        observer.onFault(source, fault, retryInMs);
      },
      onPoison: (error, object) => observer.onPoison(source, error, object),
    });
    ended.push(reflect(events, store, scope, resolve));
  }

  for (const scope of options.namespaces ?? [""]) {
    start(scope, { resource: metadataMirrors, store: stores.mirrors, trim: metadataMirror });
    start(scope, { resource: metadataGrants, store: stores.grants, trim: metadataGrant });
    start(scope, { resource: pods, store: forked.pods, trim: podParts });
    start(scope, {
      resource: configMaps,
      store: forked.configMaps,
      trim: (object) => configMapState(object, digest),
      labelSelector: mirrorLabel,
    });
  }
  start("", {
    resource: nodes,
    store: stores.nodes,
    trim: nodeMetadata,
    onFault: (fault) => fault.code === "forbidden" && onNodesReadable(false),
    // also where a watch goes on from where it was, without a list
    onContact: () => onNodesReadable(true),
  });

  return {
    ready: Promise.all(listed).then(() => undefined),
    ended: Promise.all(ended).then(() => undefined),
  };
}
