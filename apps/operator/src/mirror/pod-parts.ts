import type { KubernetesObject } from "@metadata-mirror/api-client";
import {
  type Consumer,
  consumerOf,
  coverMatcher,
  type Interner,
  type PodMetadata,
  podMetadata,
  type PodSource,
  usesConfigMaps,
} from "@metadata-mirror/metadata-model";
import { fork } from "../runtime/fork.ts";
import type { Reflection } from "../runtime/store.ts";
import type { Stores } from "./stores.ts";

/** What is kept of a pod: its metadata for its peers, and what it mounts, which changes with each refresh while the former doesn't. */
interface PodParts {
  readonly pod: PodMetadata | undefined;
  readonly consumer: Consumer | undefined;
}

/** Keeps of a pod what `source` is to tell of it. */
export function trimmer({ peers, mounts }: PodSource, interner: Interner): (object: KubernetesObject) => PodParts {
  const isPeer = coverMatcher(peers);
  return (object) => {
    const pod = podMetadata(object);
    const consumer = mounts ? consumerOf(object) : undefined;
    return {
      pod: isPeer(pod.labels) ? interner.pod(pod) : undefined,
      consumer: consumer !== undefined && usesConfigMaps(consumer) ? consumer : undefined,
    };
  };
}

/** Writes each part into the store of its kind. */
export function intoStores({ pods, consumers }: Pick<Stores, "pods" | "consumers">): Reflection<PodParts> {
  return fork<PodParts, PodMetadata, Consumer>(
    { store: pods, part: ({ pod }) => pod },
    { store: consumers, part: ({ consumer }) => consumer },
  );
}
