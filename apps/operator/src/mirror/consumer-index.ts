import type { Consumer } from "@metadata-mirror/metadata-model";
import type { Change } from "../runtime/store.ts";

/** The pods that have to do with a ConfigMap, without a search. */
export interface ConsumerIndex {
  /** Those that mount the ConfigMap, refer to it by a volume, or read it in another way. */
  of(namespace: string, configMap: string): Iterable<Consumer>;
  /** The ConfigMaps that pods of the namespace have to do with, each with those pods. */
  inNamespace(namespace: string): Iterable<readonly [configMap: string, consumers: Iterable<Consumer>]>;
  /** Whether a volume of a pod that hasn't ended for good names the ConfigMap. */
  mounted(namespace: string, configMap: string): boolean;
}

function configMapsOf({ references, mounts, fixed }: Consumer): ReadonlySet<string> {
  return new Set([...references, ...[...mounts, ...fixed].map(({ configMap }) => configMap)]);
}

/** An empty index; `replace` is to be told of every change. */
export function createConsumerIndex(): ConsumerIndex & { replace(change: Change<Consumer>): void } {
  /** Namespace → ConfigMap → name of a pod → that pod. */
  const namespaces = new Map<string, Map<string, Map<string, Consumer>>>();

  function add(consumer: Consumer): void {
    const { namespace, name } = consumer;
    const configMaps = namespaces.get(namespace) ?? new Map<string, Map<string, Consumer>>();
    namespaces.set(namespace, configMaps);
    for (const configMap of configMapsOf(consumer)) {
      const pods = configMaps.get(configMap) ?? new Map<string, Consumer>();
      configMaps.set(configMap, pods.set(name, consumer));
    }
  }

  function remove(consumer: Consumer): void {
    const { namespace, name } = consumer;
    const configMaps = namespaces.get(namespace);
    for (const configMap of configMapsOf(consumer)) {
      const pods = configMaps?.get(configMap);
      pods?.delete(name);
      if (pods?.size === 0) configMaps?.delete(configMap);
    }
    if (configMaps?.size === 0) namespaces.delete(namespace);
  }

  const of = (namespace: string, configMap: string) => namespaces.get(namespace)?.get(configMap)?.values() ?? [];
  return {
    of,
    *inNamespace(namespace) {
      for (const [configMap, pods] of namespaces.get(namespace) ?? []) yield [configMap, pods.values()];
    },
    mounted(namespace, configMap) {
      for (const { references } of of(namespace, configMap)) if (references.includes(configMap)) return true;
      return false;
    },
    replace({ before, after }) {
      if (before !== undefined) remove(before);
      if (after !== undefined) add(after);
    },
  };
}
