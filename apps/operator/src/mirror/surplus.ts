import { type ConfigMapState, occupation, type ReadableMirror, shardIndex } from "@metadata-mirror/metadata-model";
import type { Change } from "../runtime/store.ts";
import { keyOf } from "./interest.ts";
import type { Stores } from "./stores.ts";

/** ConfigMaps that their mirrors need no longer. */
export interface Surplus {
  /** Hears of each change of a ConfigMap; answers whether the surplus may be another one now. */
  configMap(change: Change<ConfigMapState>): boolean;
  /** Whether one of the mirror's ConfigMaps may go once no pod mounts it. */
  isOf(mirror: ReadableMirror): boolean;
}

/** Whether a shard may be one that is needed no longer: it has no peers, or can't be emptied. */
function isSpare({ placement, immutable }: ConfigMapState): boolean {
  return placement === "" || immutable;
}

/** Finds the ConfigMaps without a search, by the label that tells their mirror. */
export function createSurplus({ configMaps }: Pick<Stores, "configMaps">): Surplus {
  /** By the key of their mirrors. */
  const spare = new Map<string, Set<string>>();

  function note(one: ConfigMapState | undefined, as: (names: Set<string>, name: string) => void): boolean {
    if (one?.mirror === undefined || !isSpare(one)) return false;
    const key = keyOf({ namespace: one.namespace, name: one.mirror });
    const names = spare.get(key) ?? new Set<string>();
    as(names, one.name);
    if (names.size === 0) spare.delete(key);
    else spare.set(key, names);
    return true;
  }

  return {
    configMap({ before, after }) {
      const went = note(before, (names, name) => names.delete(name));
      const came = note(after, (names, name) => names.add(name));
      return went !== came;
    },
    isOf(mirror) {
      for (const name of spare.get(keyOf(mirror)) ?? []) {
        const found = configMaps.get(mirror.namespace, name);
        if (found === undefined || (shardIndex(mirror, name) ?? 0) === 0) continue;
        if (occupation(found, mirror) === undefined) return true;
      }
      return false;
    },
  };
}
