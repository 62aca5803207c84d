import { configMaps } from "@metadata-mirror/api-client";
import type { Sighting } from "./sighting.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a watch of a ConfigMap has shown so far, by our clock. Disposing of it ends the watch. */
export interface Stored extends AsyncDisposable {
  readonly sightings: readonly Sighting[];
}

/** Watches a key of a ConfigMap that holds a whole number. */
export function watchKey(
  { client, clock }: Surroundings,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  key: string,
): Stored {
  const sightings: Sighting[] = [];
  const stop = new AbortController();
  const events = client.watch(configMaps, {
    namespace,
    fieldSelector: `metadata.name=${name}`,
    decode: ({ data }) => (data as Readonly<Record<string, string>>)[key],
    signal: stop.signal,
  });
  const watching = (async () => {
    for await (const event of events) {
      if ("object" in event && event.object) sightings.push({ value: Number(event.object), atMs: clock.now() });
    }
  })();
  return {
    sightings,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
    },
  };
}
