import type {
  ApiClient,
  ApiError,
  KubernetesObject,
  MessageSchema,
  ObjectMeta,
  Resource,
} from "@metadata-mirror/api-client";
import { heldBack } from "../runtime/held-back.ts";
import { reflect } from "../runtime/reflect.ts";
import type { Entry, Reflection } from "../runtime/store.ts";

/** One watch: a resource, in one namespace or ("") in all of them. */
interface Source {
  readonly resource: Resource;
  readonly scope: string;
}

/** What becomes of a source, for logs and metrics. */
export interface SourceObserver {
  readonly onFault: (source: Source, fault: ApiError, retryInMs: number) => void;
  /** An object that can't be read is left out; the others come through. */
  readonly onPoison: (source: Source, error: unknown, object: KubernetesObject) => void;
}

/** What a source is to tell, and whom. */
export interface Watched<T> extends Source {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** What is read of an object in protobuf; as JSON without. */
  readonly wire?: MessageSchema | undefined;
  /** What is kept of an object. */
  readonly trim: (object: KubernetesObject) => T;
  /** What `trim` would make of the object, where that version of it is at hand already. */
  readonly recall?: (metadata: ObjectMeta) => T | undefined;
  readonly store: Reflection<T>;
  readonly signal: AbortSignal;
  readonly onListed?: () => void;
  readonly onFault?: (fault: ApiError) => void;
  readonly onContact?: () => void;
  /** A promise where what is told is to wait for it, see `heldBack`. */
  readonly hold?: () => Promise<void> | undefined;
}

/** An entry of a store: where the object is, and what is kept of it. */
function entryOf<T>({ namespace = "", name = "", resourceVersion = "" }: ObjectMeta, object: T): Entry<T> {
  return { namespace, name, resourceVersion, object };
}

/** Watches until the signal aborts, then resolves. */
export async function runSource<T>(client: ApiClient, observer: SourceObserver, watched: Watched<T>): Promise<void> {
  const { resource, scope, labelSelector, fieldSelector, wire, trim, recall, store, signal, onListed, hold } = watched;
  const source = { resource, scope };
  const events = client.watch(resource, {
    ...(scope !== "" && { namespace: scope }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
    wire,
    decode: (object) => entryOf(object.metadata, trim(object)),
    ...(recall !== undefined && {
      recall(metadata: ObjectMeta) {
        const known = recall(metadata);
        return known && entryOf(metadata, known);
      },
    }),
    signal,
    onContact: () => watched.onContact?.(),
    onFault(fault, retryInMs) {
      watched.onFault?.(fault);
      observer.onFault(source, fault, retryInMs);
    },
    onPoison: (error, object) => observer.onPoison(source, error, object),
  });
  await reflect(hold === undefined ? events : heldBack(events, hold), store, scope, () => onListed?.());
}
