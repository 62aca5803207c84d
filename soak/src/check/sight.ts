import type { Shard } from "./shard.ts";

/** A ConfigMap, as it was found. */
export interface FoundConfigMap extends Shard {
  readonly namespace: string;
  readonly uid: string;
  /** Who controls it; undefined where nobody does. */
  readonly controller: { readonly kind: string; readonly uid: string } | undefined;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message?: string;
}

/** A mirror, as it was found. */
export interface FoundMirror {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  /** What its first ConfigMap is named, and the others after. */
  readonly configMap: string;
  readonly status: {
    readonly observedGeneration?: number;
    readonly peerCount?: number;
    readonly shards?: readonly { readonly name: string; readonly peers: number }[];
    readonly conditions?: readonly Condition[];
  };
}

/** All ConfigMaps and mirrors, as they were found within a moment. */
export interface Sight {
  readonly configMaps: readonly FoundConfigMap[];
  readonly mirrors: readonly FoundMirror[];
}

/** The ConfigMaps that a mirror controls, in the order of their names. */
export function shardsOf({ uid }: Pick<FoundMirror, "uid">, { configMaps }: Sight): readonly FoundConfigMap[] {
  return configMaps.filter(({ controller }) => controller?.uid === uid).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What changes when a ConfigMap is written. */
export function versionsOf({ configMaps }: Pick<Sight, "configMaps">): readonly string[] {
  return configMaps.map(({ namespace, name, resourceVersion }) => `ConfigMap ${namespace}/${name} ${resourceVersion}`);
}

/** What mirrors say, but for the time of the last change, which follows once a minute. */
export function statusesOf({ mirrors }: Sight): readonly string[] {
  return mirrors.map(({ namespace, name, status: { observedGeneration, peerCount, shards, conditions } }) => {
    const said = JSON.stringify({ observedGeneration, peerCount, shards, conditions });
    return `status of mirror ${namespace}/${name} ${said}`;
  });
}
