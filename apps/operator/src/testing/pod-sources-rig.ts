import { fakeClock } from "@metadata-mirror/api-client";
import { createPodSources, type PodSourcesOptions } from "../mirror/pod-sources.ts";
import { createStores, type OnThrow } from "../mirror/stores.ts";
import { podServer } from "./pod-server.ts";

interface RigOptions extends Partial<Pick<PodSourcesOptions, "mostNamespaces" | "isFollowed" | "wake">> {
  readonly onThrow?: OnThrow;
}

const ignore = () => undefined;

/** The watches of pods of an operator that has not begun them, an API server that answers when it's told to, and the stores between them. */
export function podSourcesRig({ onThrow, ...options }: RigOptions = {}) {
  const server = podServer();
  const clock = fakeClock(0);
  const stop = new AbortController();
  const stores = createStores(
    () => [
      {
        mirror: (change) => sources.listener.mirror(change),
        grant: (change) => sources.listener.grant(change),
        configMap: (change) => sources.listener.configMap(change),
      },
    ],
    onThrow,
  );
  const sources = createPodSources({
    client: server.client,
    clock,
    stores,
    namespaces: undefined,
    isFollowed: () => true,
    wake: ignore,
    ...options,
    observer: { onFault: ignore, onPoison: ignore, onPodSource: ignore, onPodSourceEnd: ignore },
    signal: stop.signal,
  });

  /** Everybody does what there is to be done by now, or in so many milliseconds. */
  const settle = (ms = 0) => clock.advance(ms);

  /** Has each watch do what it waits for. */
  async function answer(): Promise<void> {
    for (const watch of server.watches()) watch.go();
    await settle();
  }

  async function end(): Promise<void> {
    stop.abort();
    await settle();
    await sources.ended;
  }

  return { server, stores, sources, settle, answer, end };
}
