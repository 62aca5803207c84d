import { hash } from "node:crypto";
import type { Consumer } from "@metadata-mirror/metadata-model";
import type { RecordEvent } from "./events.ts";
import { keyOf } from "./interest.ts";

/** Tells, once for each pod and ConfigMap, of uses that no refresh can reach. */
export interface FixedUses {
  /**
   * Creates the Events that have not been, of those ConfigMaps that `isRefreshed`. Answers how many it tried; what could not be created is tried
   * again the next time. It never rejects.
   */
  tell(consumer: Consumer, isRefreshed: (configMap: string) => boolean): Promise<number>;
  /** The pod is no more. */
  forget(key: string): void;
}

/**
 * Nobody was told. The name of an Event follows from the pod and the ConfigMap: the API server refuses a second one, so that a restart tells
 * nothing again while the first is kept (an hour by default).
 */
export function createFixedUses(record: RecordEvent): FixedUses {
  const told = new Map<string, { readonly uid: string; readonly configMaps: Set<string> }>();
  return {
    async tell(consumer, isRefreshed) {
      const due = consumer.fixed.filter(({ configMap }) => isRefreshed(configMap));
      if (due.length === 0) return 0;
      const key = keyOf(consumer);
      const known = told.get(key);
      const { configMaps } = known?.uid === consumer.uid ? known : { configMaps: new Set<string>() };
      told.set(key, { uid: consumer.uid, configMaps });
      const fresh = due.filter(({ configMap }) => !configMaps.has(configMap));
      await Promise.all(
        fresh.map(async (use) => {
          if (await record(eventOf(consumer, use))) configMaps.add(use.configMap);
        }),
      );
      return fresh.length;
    },
    forget: (key) => void told.delete(key),
  };
}

function eventOf({ namespace, name, uid }: Consumer, { configMap, ways }: Consumer["fixed"][number]) {
  const digest = hash("sha256", `${uid} ${configMap}`, "hex").slice(0, 32);
  return {
    // of a long name the beginning, which must not end in what separates its parts
    name: `${name.slice(0, 200).replace(/[-.]+$/, "")}.${digest}`,
    regarding: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
    reason: "NeverRefreshed",
    action: "Refresh",
    warning: true,
    note: `ConfigMap ${configMap} is used by ${ways.join(" and ")}, which stays as it is while the container runs: to be refreshed, mount it as a volume without subPath`,
  };
}
