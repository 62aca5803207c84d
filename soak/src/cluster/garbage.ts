import { type ApiClient, configMaps } from "@metadata-mirror/api-client";
import { indexOf } from "../check/shard.ts";
import type { FoundConfigMap, Sight } from "../check/sight.ts";
import { look } from "./look.ts";
import { orUndefined, type Surely } from "./surely.ts";

/** In place of the garbage collector, which is a controller, and the control plane has none. */
export interface Garbage {
  /** Deletes what is garbage now. */
  collect(): Promise<void>;
}

/** Makes it. */
export function createGarbage(client: ApiClient, namespaces: readonly string[], surely: Surely): Garbage {
  return {
    async collect() {
      const sight = await surely(() => look(client, namespaces));
      for (const { namespace, name, uid } of garbageIn(sight)) {
        await surely(() =>
          client.delete(configMaps, { namespace, name }, { uid }).catch(orUndefined("not-found", "conflict")),
        );
      }
    },
  };
}

/**
 * The ConfigMaps whose mirror is gone; also those that had lost their owner by hand when their mirror went, and that no other of its name
 * takes over: these the garbage collector leaves to people.
 */
export function garbageIn({ configMaps: all, mirrors }: Sight): readonly FoundConfigMap[] {
  const uids = new Set(mirrors.map(({ uid }) => uid));
  const isTaken = ({ namespace, label, name }: FoundConfigMap) =>
    mirrors.some(
      (one) => one.namespace === namespace && one.name === label && indexOf(name, one.configMap) !== undefined,
    );
  return all.filter((one) => {
    const { controller, label } = one;
    return controller === undefined
      ? label.startsWith("mirror-") && !isTaken(one)
      : controller.kind === "MetadataMirror" && !uids.has(controller.uid);
  });
}
