import { type ApiClient, configMaps } from "@metadata-mirror/api-client";

/** Counts the versions of ConfigMaps, whoever wrote them. */
export interface WriteCounter extends AsyncDisposable {
  /** How many a watch has shown so far; one that was replaced while the API server was away isn't among them. */
  readonly versions: number;
}

/** Starts a watch of the namespaces' ConfigMaps for it, which disposing ends. */
export function countWrites(client: ApiClient, namespaces: readonly string[]): WriteCounter {
  const stop = new AbortController();
  const seen = new Set<string>();
  async function follow(): Promise<void> {
    const decode = ({ metadata }: { readonly metadata: { namespace?: string; resourceVersion?: string } }) => metadata;
    for await (const event of client.watch(configMaps, { metadataOnly: true, decode, signal: stop.signal })) {
      if (event.type !== "apply" && event.type !== "initApply") continue;
      const { namespace = "", resourceVersion = "" } = event.object;
      if (namespaces.includes(namespace)) seen.add(resourceVersion);
    }
  }
  const ended = follow();
  return {
    get versions() {
      return seen.size;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}
