import { isDeepStrictEqual } from "node:util";
import type {
  ConfigMapState,
  Consumer,
  MetadataGrant,
  MetadataMirror,
  NodeMetadata,
  PodMetadata,
} from "@metadata-mirror/metadata-model";
import { isolated } from "../runtime/isolated.ts";
import { type Change, createStore, type Store, type StoreWriter } from "../runtime/store.ts";
import { type ConsumerIndex, createConsumerIndex } from "./consumer-index.ts";

type ReadWrite<T> = Store<T> & StoreWriter<T>;

/** What the operator knows of the cluster. */
export interface Stores {
  readonly mirrors: ReadWrite<MetadataMirror>;
  readonly grants: ReadWrite<MetadataGrant>;
  readonly pods: ReadWrite<PodMetadata>;
  /** Of the same pods what mounting takes, of those only that use ConfigMaps. */
  readonly consumers: ReadWrite<Consumer>;
  readonly consumersOf: ConsumerIndex;
  readonly nodes: ReadWrite<NodeMetadata>;
  /** With our own writes in them before the watch tells of those. */
  readonly configMaps: ReadWrite<ConfigMapState>;
  /** The ConfigMaps as the watch has shown them, and so may a kubelet have seen them. */
  readonly shownConfigMaps: ReadWrite<ConfigMapState>;
}

/** Who hears of changes of the stores, each of those that concern him. The stores show the change by then. */
export interface Listener {
  readonly mirror?: (change: Change<MetadataMirror>) => void;
  readonly grant?: (change: Change<MetadataGrant>) => void;
  readonly pod?: (change: Change<PodMetadata>) => void;
  readonly consumer?: (change: Change<Consumer>) => void;
  readonly node?: (change: Change<NodeMetadata>) => void;
  readonly configMap?: (change: Change<ConfigMapState>) => void;
  readonly shownConfigMap?: (change: Change<ConfigMapState>) => void;
}

/** Somebody who hears of the stores threw at the change of this object, of the kind that the listener is named by. */
export type OnThrow = (kind: keyof Listener, object: Placed, error: unknown) => void;

type Placed = { readonly namespace?: string; readonly name: string };

/**
 * Empty stores, and those who hear of them, who may read them. Of what one of them throws the others hear nothing, nor does the watch: without
 * `onThrow` it's thrown again.
 */
export function createStores(
  listenersOf: (stores: Stores) => readonly Listener[],
  onThrow: OnThrow = (_, __, error) => {
    throw error;
  },
): Stores {
  const index = createConsumerIndex();
  const storeOf = <T extends Placed>(kind: keyof Listener, hear: (by: Listener, change: Change<T>) => void) =>
    createStore<T>({
      same: isDeepStrictEqual,
      onChange(change) {
        const object = (change.after ?? change.before) as T;
        isolated(
          listeners,
          (one) => hear(one, change),
          (error) => onThrow(kind, object, error),
        );
      },
    });
  const stores: Stores = {
    // a mirror's status is kept as it is now, and is no reason to look at it again: the handler sees to that
    mirrors: storeOf<MetadataMirror>("mirror", ({ mirror }, change) => mirror?.(change)),
    grants: storeOf<MetadataGrant>("grant", ({ grant }, change) => grant?.(change)),
    pods: storeOf<PodMetadata>("pod", ({ pod }, change) => pod?.(change)),
    consumers: storeOf<Consumer>("consumer", ({ consumer }, change) => consumer?.(change)),
    consumersOf: index,
    nodes: storeOf<NodeMetadata>("node", ({ node }, change) => node?.(change)),
    configMaps: storeOf<ConfigMapState>("configMap", ({ configMap }, change) => configMap?.(change)),
    shownConfigMaps: storeOf<ConfigMapState>("shownConfigMap", ({ shownConfigMap }, change) =>
      shownConfigMap?.(change),
    ),
  };
  const listeners: readonly Listener[] = [{ consumer: (change) => index.replace(change) }, ...listenersOf(stores)];
  return stores;
}
