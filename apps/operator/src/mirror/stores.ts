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
import { type Change, createStore, type Store, type StoreWriter, subjectOf } from "../runtime/store.ts";
import { type ConsumerIndex, createConsumerIndex } from "./consumer-index.ts";
import { refOf } from "./interest.ts";

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

/** What there is of each kind of change: the same ConfigMaps twice, as we know them, and as the watch has shown them. */
interface Kinds {
  readonly mirror: MetadataMirror;
  readonly grant: MetadataGrant;
  readonly pod: PodMetadata;
  readonly consumer: Consumer;
  readonly node: NodeMetadata;
  readonly configMap: ConfigMapState;
  readonly shownConfigMap: ConfigMapState;
}

/** Who hears of changes of the stores, each of those that concern him. The stores show the change by then. */
export type Listener = { readonly [Kind in keyof Kinds]?: (change: Change<Kinds[Kind]>) => void };

/** Somebody who hears of the stores threw at the change of this object, of the kind that the listener is named by. */
export type OnThrow = (
  kind: keyof Kinds,
  object: { readonly namespace?: string; readonly name: string },
  error: unknown,
) => void;

/** The mirror of this key. */
export function mirrorOf(key: string, { mirrors }: Pick<Stores, "mirrors">): MetadataMirror | undefined {
  const { namespace, name } = refOf(key);
  return mirrors.get(namespace, name);
}

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
  const storeOf = <Kind extends keyof Kinds>(kind: Kind) =>
    createStore<Kinds[Kind]>({
      same: isDeepStrictEqual,
      onChange(change) {
        isolated(
          listeners,
          (one) => one[kind]?.(change),
          (error) => onThrow(kind, subjectOf(change), error),
        );
      },
    });
  const stores: Stores = {
    // a mirror's status is kept as it is now, and is no reason to look at it again: the handler sees to that
    mirrors: storeOf("mirror"),
    grants: storeOf("grant"),
    pods: storeOf("pod"),
    consumers: storeOf("consumer"),
    consumersOf: index,
    nodes: storeOf("node"),
    configMaps: storeOf("configMap"),
    shownConfigMaps: storeOf("shownConfigMap"),
  };
  const listeners: readonly Listener[] = [{ consumer: (change) => index.replace(change) }, ...listenersOf(stores)];
  return stores;
}
