import { type ApiClient, ApiError } from "@metadata-mirror/api-client";
import {
  type ConfigMapState,
  controllerOf,
  type MetadataMirror,
  ownership,
  type ReadableMirror,
  isReadable,
  shardIndex,
} from "@metadata-mirror/metadata-model";
import type { Reconciler } from "../runtime/controller.ts";
import { subjectOf } from "../runtime/store.ts";
import { keyOf } from "./interest.ts";
import { type Listener, mirrorOf, type Stores } from "./stores.ts";
import { entryOf, readConfigMap } from "./write.ts";

/**
 * ConfigMaps of mirrors that have lost our label, and nothing else: to our watch they are gone. One that the mirror still needs is met when
 * it's to be created; one that it needs no longer would keep for ever what it held, so it's looked for.
 */
export interface Strays {
  readonly listener: Required<Pick<Listener, "mirror" | "configMap">>;
  /**
   * Passes after which the mirror's ConfigMaps are asked for that the watch no longer shows, or that its status names and the watch never showed;
   * those that are still there are in the store from then on, so that the next pass sees to them. A pass fails where that can't be told.
   */
  readonly of: (reconcile: Reconciler) => Reconciler;
}

export interface StraysOptions {
  readonly client: Pick<ApiClient, "get">;
  readonly stores: Pick<Stores, "mirrors" | "configMaps">;
  readonly isOurs: (mirror: MetadataMirror) => boolean;
}

/** None is known of. */
export function createStrays({ client, stores, isOurs }: StraysOptions): Strays {
  /** Names of ConfigMaps that are not to be seen, by the key of their mirror. */
  const missing = new Map<string, Set<string>>();
  /** UIDs of the mirrors whose status has been read, by key. */
  const met = new Map<string, string>();

  function note(key: string, name: string): void {
    missing.set(key, (missing.get(key) ?? new Set()).add(name));
  }

  function forget(key: string, name: string): void {
    const names = missing.get(key);
    if (names?.delete(name) && names.size === 0) missing.delete(key);
  }

  async function lookFor(mirror: ReadableMirror, name: string): Promise<void> {
    const { namespace } = mirror;
    const isSeen = stores.configMaps.get(namespace, name) !== undefined;
    const found = isSeen || shardIndex(mirror, name) === undefined ? undefined : await ask(namespace, name);
    forget(keyOf(mirror), name);
    if (found === undefined || ownership(found, mirror) !== "ours") return;
    stores.configMaps.found(entryOf(found));
  }

  /** Undefined where there is none. */
  async function ask(namespace: string, name: string): Promise<ConfigMapState | undefined> {
    try {
      return await readConfigMap(client, namespace, name);
    } catch (error) {
      if (ApiError.from(error).code === "not-found") return undefined;
      throw error;
    }
  }

  return {
    listener: {
      configMap(change) {
        const isGone = change.after === undefined;
        if (!isGone && missing.size === 0) return;
        const configMap = subjectOf(change);
        const key = ownerOf(configMap);
        if (key === undefined) return;
        // of a mirror that is no more, or not known yet, there is nobody to look for it: the status of the latter names it
        if (isGone && mirrorOf(key, stores) !== undefined) note(key, configMap.name);
        else forget(key, configMap.name);
      },
      mirror({ before, after }) {
        if (before === undefined || before.uid === after?.uid) return;
        missing.delete(keyOf(before));
        met.delete(keyOf(before));
      },
    },
    of: (reconcile) => async (key) => {
      const mirror = mirrorOf(key, stores);
      if (mirror === undefined || mirror.terminating || !isReadable(mirror) || !isOurs(mirror)) {
        met.delete(key);
        return reconcile(key);
      }
      // before the pass, which tells the status what it sees
      if (met.get(key) !== mirror.uid) for (const shard of mirror.status.shards ?? []) note(key, shard.name);
      met.set(key, mirror.uid);
      const action = await reconcile(key);
      for (const lost of missing.get(key) ?? []) await lookFor(mirror, lost);
      return action;
    },
  };
}

/** The key of the mirror that controls it; undefined where none does. */
function ownerOf(configMap: ConfigMapState): string | undefined {
  const controller = controllerOf(configMap);
  if (controller?.kind !== "MetadataMirror") return undefined;
  return keyOf({ namespace: configMap.namespace, name: controller.name });
}
