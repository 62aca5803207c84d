import type { WatchEvent } from "@metadata-mirror/api-client";
import type { Entry, Reflection } from "./store.ts";

export interface ReflectOptions {
  /** The namespace that the watch covers, "" for the whole cluster. */
  readonly scope: string;
  /** Told of each list that is in. */
  readonly onListed: () => void;
  /**
   * A promise where what comes is to wait: it's asked again whenever that one resolves. What has waited is not lost, and the watch isn't read
   * meanwhile.
   */
  readonly hold?: (() => Promise<void> | undefined) | undefined;
}

/**
 * Writes the events of one watch into `store` until the watch ends. A list is buffered and swapped in whole, so that no reader sees half of
 * it.
 */
export async function reflect<T>(
  events: AsyncIterable<WatchEvent<Entry<T>>>,
  store: Reflection<T>,
  { scope, onListed, hold }: ReflectOptions,
): Promise<void> {
  let list: Entry<T>[] = [];
  for await (const event of events) {
    for (let held = hold?.(); held !== undefined; held = hold?.()) await held;
    switch (event.type) {
      case "init":
        list = [];
        store.listing(scope);
        break;
      case "initApply":
        list.push(event.object);
        break;
      case "initDone":
        store.swap(scope, list, event.resourceVersion);
        list = [];
        onListed();
        break;
      case "apply":
        store.apply(event.object);
        break;
      case "delete":
        store.remove(event.object);
        break;
    }
  }
}
