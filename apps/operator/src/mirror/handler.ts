import {
  type ConfigMapState,
  type Consumer,
  isGrantTo,
  type MetadataGrant,
  type MetadataMirror,
  type NodeMetadata,
  type PodMetadata,
} from "@metadata-mirror/metadata-model";
import type { Change } from "../runtime/store.ts";
import { createInterests, keyOf } from "./interest.ts";

/** What a change of each resource wakes: the keys of the mirrors that it concerns, those it left as well as those it joined. */
export interface Handler {
  readonly mirror: (change: Change<MetadataMirror>) => void;
  readonly grant: (change: Change<MetadataGrant>) => void;
  readonly pod: (change: Change<PodMetadata>) => void;
  readonly consumer: (change: Change<Consumer>) => void;
  readonly node: (change: Change<NodeMetadata>) => void;
  readonly configMap: (change: Change<ConfigMapState>) => void;
}

function sides<T>({ before, after }: Change<T>): T[] {
  return [before, after].filter((side) => side !== undefined);
}

/** Where the object is: both sides are of the same place. */
function placeOf<T extends { readonly namespace: string; readonly name: string }>({ before, after }: Change<T>) {
  const { namespace = "", name = "" } = after ?? before ?? {};
  return { namespace, name };
}

/**
 * Turns changes into keys for `wake`, each once for a change. A change of a mirror's status alone wakes nobody, else each status would ask for the next
 * one. It learns of the mirrors from the changes it is told of.
 */
export function createHandler(wake: (key: string) => void): Handler {
  const interests = createInterests();

  return {
    mirror(change) {
      const { before, after } = change;
      const isSame = before?.uid === after?.uid && before?.generation === after?.generation;
      if (isSame && before?.terminating === after?.terminating) return;
      // first, so that a pass over what can't be compiled tells of it
      for (const key of new Set(sides(change).map(keyOf))) wake(key);
      interests.replace(before, after);
    },
    grant(change) {
      for (const { key, namespace } of interests.ofPeers(placeOf(change).namespace)) {
        if (sides(change).some((grant) => isGrantTo(namespace, grant))) wake(key);
      }
    },
    pod(change) {
      const pods = sides(change);
      for (const interest of interests.ofPeers(placeOf(change).namespace)) {
        if (pods.some((pod) => interest.selects(pod))) wake(interest.key);
      }
    },
    consumer({ before, after }) {
      // a shard without peers may go once no pod mounts it
      for (const name of before?.references ?? []) {
        if (!after?.references.includes(name)) wakeWriters(before?.namespace ?? "", name);
      }
    },
    node() {
      for (const interest of interests.all()) if (interest.usesNode) wake(interest.key);
    },
    configMap(change) {
      const { before, after, intended } = change;
      // who wrote it has more to do only where peers came, went or are on their way
      const writer = intended && before?.placement === after?.placement ? after?.mirror : undefined;
      const { namespace, name } = placeOf(change);
      wakeWriters(namespace, name, writer);
    },
  };

  /** Wakes the mirrors of which the ConfigMap is or would be a shard, but the one that is named `but`. */
  function wakeWriters(namespace: string, configMap: string, but?: string): void {
    const left = but === undefined ? undefined : keyOf({ namespace, name: but });
    for (const { key, writes } of interests.ofMirrors(namespace)) if (key !== left && writes(configMap)) wake(key);
  }
}
