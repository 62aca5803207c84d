import { isDeepStrictEqual } from "node:util";
import type {
  ConfigMapState,
  MetadataGrant,
  MetadataMirror,
  NodeMetadata,
  PodMetadata,
} from "@metadata-mirror/metadata-model";
import { createStore, type Store, type StoreWriter } from "../runtime/store.ts";
import type { Handler } from "./handler.ts";

type ReadWrite<T> = Store<T> & StoreWriter<T>;

/** What the operator knows of the cluster. */
export interface Stores {
  readonly mirrors: ReadWrite<MetadataMirror>;
  readonly grants: ReadWrite<MetadataGrant>;
  readonly pods: ReadWrite<PodMetadata>;
  readonly nodes: ReadWrite<NodeMetadata>;
  readonly configMaps: ReadWrite<ConfigMapState>;
}

/** Empty stores that tell `handler` of every change. */
export function createStores(handler: Handler): Stores {
  return {
    // a mirror's status is kept as it is now, and is no reason to look at it again: the handler sees to that
    mirrors: createStore({ same: isDeepStrictEqual, onChange: handler.mirror }),
    grants: createStore({ same: isDeepStrictEqual, onChange: handler.grant }),
    pods: createStore({ same: isDeepStrictEqual, onChange: handler.pod }),
    nodes: createStore({ same: isDeepStrictEqual, onChange: handler.node }),
    configMaps: createStore({ same: isDeepStrictEqual, onChange: handler.configMap }),
  };
}
