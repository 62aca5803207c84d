import type { WatchEvent } from "@metadata-mirror/api-client";
import type { Entry, Reflection } from "./store.ts";

/**
 * Writes the events of one watch into `store` until the watch ends. A list is buffered and swapped in whole, so that no reader sees half of
 * it. `onListed` is told of each list that is in.
 *
 * @param scope the namespace that the watch covers, "" for the whole cluster
 */
export async function reflect<T>(
  events: AsyncIterable<WatchEvent<Entry<T>>>,
  store: Reflection<T>,
  scope: string,
  onListed: () => void,
): Promise<void> {
  let list: Entry<T>[] = [];
  for await (const event of events) {
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
