import { changedKeys, type ConfigMapState, type Consumer, shardIndex } from "@metadata-mirror/metadata-model";
import { type Change, subjectOf } from "../runtime/store.ts";
import { keyOf } from "./interest.ts";
import type { RefreshAgenda } from "./refresh-agenda.ts";
import { isImmediate, isRefreshed } from "./refreshed.ts";
import type { Listener, Stores } from "./stores.ts";

/** Puts the pods that a change concerns on the agenda. It hears of ConfigMaps from the watch alone: what we wrote may not be out yet. */
export function createRefreshHandler(stores: Stores, agenda: RefreshAgenda): Listener {
  return {
    mirror({ before, after }) {
      if (after === undefined || !isImmediate(after)) return;
      if (before?.uid === after.uid && isImmediate(before)) return;
      for (const [configMap, consumers] of stores.consumersOf.inNamespace(after.namespace)) {
        if (shardIndex(after, configMap) === undefined) continue;
        for (const consumer of consumers) agenda.wake(keyOf(consumer));
      }
    },
    consumer({ before, after }) {
      const one = after ?? before;
      if (one === undefined) return;
      const isOther = before?.uid !== after?.uid;
      if (isOther) agenda.forget(keyOf(one));
      // by whoever was here before us, and maybe just now
      if (isOther && after !== undefined && after.revision !== "") agenda.tell(keyOf(after), undefined);
      agenda.wake(keyOf(one));
    },
    shownConfigMap(change) {
      const keys = shownKeys(change);
      const { namespace, name } = subjectOf(change);
      if (keys?.length === 0) return;
      agenda.show(namespace, name, keys);
      if (![change.before, change.after].some((side) => side !== undefined && isRefreshed(side, stores))) return;
      for (const consumer of stores.consumersOf.of(namespace, name)) {
        if (follows(consumer, name, keys)) agenda.owe(keyOf(consumer));
        // who never follows is told once, of a ConfigMap that is there
        else if (keys === undefined) agenda.wake(keyOf(consumer));
      }
    },
  };
}

/** The keys that differ; undefined where that is more than some keys: it came, went, or belongs to another. */
function shownKeys({ before, after }: Change<ConfigMapState>): readonly string[] | undefined {
  if (before === undefined || after === undefined) return undefined;
  const owner = ({ uid, terminating, mirror, ownerReferences }: ConfigMapState) =>
    JSON.stringify([uid, terminating, mirror, ownerReferences]);
  return owner(before) === owner(after) ? changedKeys(before, after) : undefined;
}

/** Whether files of the pod are to show a change of these keys. */
function follows({ waits, mounts }: Consumer, configMap: string, changed: readonly string[] | undefined): boolean {
  if (!waits) return false;
  const mount = mounts.find((one) => one.configMap === configMap);
  if (mount === undefined) return false;
  return mount.keys === undefined || changed === undefined || mount.keys.some((key) => changed.includes(key));
}
