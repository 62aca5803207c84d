import {
  type ApiClient,
  type ApiError,
  type Clock,
  configMaps,
  nodes,
  type ObjectMeta,
} from "@metadata-mirror/api-client";
import {
  type ConfigMapState,
  configMapState,
  metadataGrant,
  type MetadataMirror,
  metadataMirror,
  mirrorLabel,
  nodeMetadata,
} from "@metadata-mirror/metadata-model";
import { fork } from "../runtime/fork.ts";
import { digest } from "./digest.ts";
import { createPodSources, type PodSourceObserver, type PodSources } from "./pod-sources.ts";
import { metadataGrants, metadataMirrors } from "./resources.ts";
import { runSource, type Watched } from "./source.ts";
import type { Stores } from "./stores.ts";
import { configMapWire, nodeWire } from "./wire.ts";

export interface SourceOptions {
  readonly client: ApiClient;
  readonly clock: Pick<Clock, "sleep">;
  readonly stores: Stores;
  /** The namespaces to watch; undefined means all of them. */
  readonly namespaces: readonly string[] | undefined;
  /** Whether the pods are to be watched that the mirror needs: it is this operator's to keep, or may come to be. */
  readonly isFollowed: (mirror: MetadataMirror) => boolean;
  readonly observer: PodSourceObserver;
  /** Tells that nodes may or may not be read from now on. */
  readonly onNodesReadable: (readable: boolean) => void;
  /** The pods that the mirror waited for are in the stores. */
  readonly wake: (key: string) => void;
  readonly signal: AbortSignal;
}

/** The watches of the operator. */
export interface Sources {
  readonly pods: Pick<PodSources, "listener" | "covers" | "seesMounts" | "isOpen" | "replan">;
  /**
   * Resolves once every store but those of pods has its first list; without the right to read nodes, nodes are waited for in vain and so are
   * not. Of pods `covers` tells mirror by mirror.
   */
  readonly listed: Promise<void>;
  /** Resolves once the pods are listed, too, that the mirrors needed then. */
  readonly ready: Promise<void>;
  /** Resolves once all watches have ended, after the abort of the signal. */
  readonly ended: Promise<void>;
}

type Version = Pick<ObjectMeta, "namespace" | "name" | "uid" | "resourceVersion">;

/** That very version of a ConfigMap, where it is known already, as after a write of our own. */
function known(
  { namespace = "", name = "", uid, resourceVersion }: Version,
  { configMaps: present }: Pick<Stores, "configMaps">,
): ConfigMapState | undefined {
  const held = present.get(namespace, name);
  return held?.uid === uid && held?.resourceVersion === resourceVersion ? held : undefined;
}

/** Where ConfigMaps go: to the store that our writes show in, and to that of what the watch has shown. */
function configMapFork(stores: Stores) {
  return fork<ConfigMapState, ConfigMapState, ConfigMapState>(
    { store: stores.configMaps, part: (state) => state },
    // the same object in both, where they hold the same version
    { store: stores.shownConfigMaps, part: (state) => known(state, stores) ?? state },
  );
}

/** Starts to watch everything that mirrors are made from, trimming each object as it comes. */
export function startSources(options: SourceOptions): Sources {
  const { client, stores, observer, onNodesReadable, signal } = options;
  const lists: Promise<void>[] = [];
  const ends: Promise<void>[] = [];
  const configMapStores = configMapFork(stores);
  const podSources = createPodSources(options);

  /** Starts one that runs for as long as the operator does. */
  function start<T>(watched: Omit<Watched<T>, "signal">): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    lists.push(promise);
    const { onFault } = watched;
    const run = runSource(client, observer, {
      ...watched,
      signal,
      onListed: resolve,
      ...(onFault !== undefined && {
        onFault(fault: ApiError) {
          onFault(fault);
          // what we may not read won't come: waiting for it would keep all mirrors waiting
          if (fault.code === "forbidden") resolve();
        },
      }),
    });
    ends.push(run);
  }

  for (const scope of options.namespaces ?? [""]) {
    start({ resource: metadataMirrors, scope, store: stores.mirrors, trim: metadataMirror });
    start({ resource: metadataGrants, scope, store: stores.grants, trim: metadataGrant });
    start({
      resource: configMaps,
      scope,
      store: configMapStores,
      wire: configMapWire,
      trim: (object) => configMapState(object, digest),
      recall: (metadata) => known(metadata, stores),
      labelSelector: mirrorLabel,
    });
  }
  start({
    resource: nodes,
    scope: "",
    store: stores.nodes,
    wire: nodeWire,
    trim: nodeMetadata,
    onFault: (fault) => fault.code === "forbidden" && onNodesReadable(false),
    // also where a watch goes on from where it was, without a list
    onContact: () => onNodesReadable(true),
  });

  const listed = Promise.all(lists).then(() => undefined);
  return {
    pods: podSources,
    listed,
    ready: listed.then(() => {
      podSources.begin();
      return podSources.ready;
    }),
    ended: Promise.all([...ends, podSources.ended]).then(() => undefined),
  };
}
