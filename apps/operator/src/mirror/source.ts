import type {
  ApiClient,
  ApiError,
  KubernetesObject,
  MessageSchema,
  ObjectMeta,
  Resource,
} from "@metadata-mirror/api-client";
import { partly } from "../runtime/fork.ts";
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
  /** An object that can't be read is left out; the others come through. Told once, until it can be read or is gone. */
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
  /** A promise where what is told is to wait for it, see `reflect`. */
  readonly hold?: () => Promise<void> | undefined;
}

/** An entry of a store: where the object is, and what is kept of it. */
function entryOf<T>({ namespace = "", name = "", resourceVersion = "" }: ObjectMeta, object: T): Entry<T> {
  return { namespace, name, resourceVersion, object };
}

/** How many of the objects that can't be read are remembered, so that each is told of once. */
const rememberedPoison = 1_000;

/**
 * `trim`, that answers undefined where it throws: then nothing is known of the object, in a list as in an event, whatever an earlier version of
 * it was. What was told of it would be old, and of a grant it might show what is no longer granted.
 */
function trimmedOrNot<T>(
  trim: (object: KubernetesObject) => T,
  onPoison: (error: unknown, object: KubernetesObject) => void,
): (object: KubernetesObject) => T | undefined {
  const told = new Set<string>();
  return (object) => {
    const { uid = "" } = object.metadata;
    try {
      const trimmed = trim(object);
      told.delete(uid);
      return trimmed;
    } catch (error) {
      if (told.has(uid)) return undefined;
      if (told.size >= rememberedPoison) told.clear();
      told.add(uid);
      onPoison(error, object);
      return undefined;
    }
  };
}

/** Watches until the signal aborts, then resolves. */
export async function runSource<T>(client: ApiClient, observer: SourceObserver, watched: Watched<T>): Promise<void> {
  const { resource, scope, labelSelector, fieldSelector, wire, recall, signal, onListed, hold } = watched;
  const source = { resource, scope };
  const trim = trimmedOrNot(watched.trim, (error, object) => observer.onPoison(source, error, object));
  const store = partly<T | undefined, T>({ store: watched.store, part: (object) => object });
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
  });
  await reflect(events, store, { scope, onListed: () => onListed?.(), hold });
}
