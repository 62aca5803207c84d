import type { ApiClient, KubernetesObject, Resource, Selection } from "@metadata-mirror/api-client";

/** What a watch of the demo's own, beside the operator's, shows of a resource. */
export interface Observed<T> {
  /** By name, in the order of the names: the state after the last event. */
  current(): ReadonlyMap<string, T>;
  /** Calls back with each event, once `current` has it, until the answer is called. */
  onChange(listener: () => void): () => void;
  /** Resolves once the first list is in, or the watch has ended without. */
  readonly listed: Promise<void>;
  /** Resolves when the watch has ended, after the abort of the signal. */
  readonly ended: Promise<void>;
}

/** Watches the objects of one namespace until `signal` aborts. */
export function observe<T>(
  client: ApiClient,
  resource: Resource,
  { decode, ...options }: Selection & { decode: (object: KubernetesObject) => T; signal: AbortSignal },
): Observed<T> {
  const { promise: listed, resolve } = Promise.withResolvers<void>();
  const listeners = new Set<() => void>();
  let current = new Map<string, T>();

  async function follow(): Promise<void> {
    let list = new Map<string, T>();
    const named = (object: KubernetesObject) => ({ name: object.metadata.name ?? "", seen: decode(object) });
    for await (const event of client.watch(resource, { ...options, decode: named })) {
      if (event.type === "init") list = new Map();
      else if (event.type === "initApply") list.set(event.object.name, event.object.seen);
      else if (event.type === "initDone") {
        current = list;
        resolve();
      } else if (event.type === "apply") current.set(event.object.name, event.object.seen);
      else current.delete(event.object.name);
      for (const listener of listeners) listener();
    }
    resolve();
  }

  return {
    current: () => new Map([...current].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    listed,
    ended: follow(),
  };
}
