import { isDeepStrictEqual } from "node:util";
import type {
  ConfigMapState,
  Consumer,
  MetadataGrant,
  MetadataMirror,
  NodeMetadata,
  PodMetadata,
} from "@metadata-mirror/metadata-model";
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

/** Empty stores, and those who hear of them, who may read them. */
export function createStores(listenersOf: (stores: Stores) => readonly Listener[]): Stores {
  const index = createConsumerIndex();
  const same = isDeepStrictEqual;
  const stores: Stores = {
    // a mirror's status is kept as it is now, and is no reason to look at it again: the handler sees to that
    mirrors: createStore<MetadataMirror>({
      same,
      onChange: (change) => listeners.forEach(({ mirror }) => mirror?.(change)),
    }),
    grants: createStore<MetadataGrant>({
      same,
      onChange: (change) => listeners.forEach(({ grant }) => grant?.(change)),
    }),
    pods: createStore<PodMetadata>({ same, onChange: (change) => listeners.forEach(({ pod }) => pod?.(change)) }),
    consumers: createStore<Consumer>({
      same,
      onChange(change) {
        index.replace(change);
        for (const { consumer } of listeners) consumer?.(change);
      },
    }),
    consumersOf: index,
    nodes: createStore<NodeMetadata>({ same, onChange: (change) => listeners.forEach(({ node }) => node?.(change)) }),
    configMaps: createStore<ConfigMapState>({
      same,
      onChange: (change) => listeners.forEach(({ configMap }) => configMap?.(change)),
    }),
    shownConfigMaps: createStore<ConfigMapState>({
      same,
      onChange: (change) => listeners.forEach(({ shownConfigMap }) => shownConfigMap?.(change)),
    }),
  };
  const listeners = listenersOf(stores);
  return stores;
}
