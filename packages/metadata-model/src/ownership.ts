import type { ConfigMapState, OwnerReference } from "./config-map.ts";
import { group, version } from "./names.ts";
import type { WriteProblem } from "./ready.ts";

/** Who a ConfigMap belongs to, as one mirror sees it. */
export type Ownership =
  /** Its controller is this very mirror. */
  | "ours"
  /** It has our label and no controller: left by an earlier mirror's `--cascade=orphan`, or by a restore. It is taken over. */
  | "adoptable"
  /** It is on its way out: being deleted, or left to the garbage collector by an earlier mirror of the same name. */
  | "leaving"
  /** Anyone else's. It is never touched. */
  | "foreign";

/** A mirror, as owner references name it. */
export interface Owner {
  readonly name: string;
  readonly uid: string;
}

/** The owner reference of a mirror: its controller, without blockOwnerDeletion, which would take a right to finalizers. */
export function ownerReference({ name, uid }: Owner): OwnerReference {
  return { apiVersion: `${group}/${version}`, kind: "MetadataMirror", name, uid, controller: true };
}

/** The owner that controls `configMap`; undefined where none does. */
export function controllerOf({ ownerReferences }: Pick<ConfigMapState, "ownerReferences">): OwnerReference | undefined {
  return ownerReferences.find((owner) => owner.controller === true);
}

/** Who `configMap` belongs to, as `mirror` sees it. */
export function ownership(configMap: ConfigMapState, mirror: Owner): Ownership {
  const controller = controllerOf(configMap);
  if (controller?.uid === mirror.uid) return configMap.terminating ? "leaving" : "ours";
  if (controller === undefined) {
    if (configMap.mirror !== mirror.name) return "foreign";
    return configMap.terminating ? "leaving" : "adoptable";
  }
  const sameName = controller.kind === "MetadataMirror" && controller.name === mirror.name;
  return sameName && controller.apiVersion.startsWith(`${group}/`) ? "leaving" : "foreign";
}

/** Why `mirror` must leave `configMap` alone, or undefined where it is the mirror's to write. */
export function occupation(configMap: ConfigMapState, mirror: Owner): WriteProblem | undefined {
  switch (ownership(configMap, mirror)) {
    case "ours":
    case "adoptable":
      return undefined;
    case "leaving": {
      const message = "an earlier ConfigMap of this name is being deleted, it will be made anew";
      return { reason: "TargetLeaving", configMap: configMap.name, message };
    }
    case "foreign": {
      const message =
        "exists and is not this mirror's, so it stays untouched: delete it, or give another output.configMapName";
      return { reason: "TargetConflict", configMap: configMap.name, message };
    }
  }
}
