import type { ConfigMapState, HeldData } from "./config-map.ts";
import { configMapManifest, configMapPatch, configMapReplacement, heldAfter } from "./diff.ts";
import type { Move } from "./existing.ts";
import { occupation } from "./ownership.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import { immutableTarget, type WriteProblem } from "./ready.ts";
import type { ShardContent, ShardData } from "./render/shard.ts";
import { shardName } from "./shard.ts";
import type { World } from "./world.ts";

/** A write to one ConfigMap. What is sent is made anew whenever it is asked for, so that it lies in memory for no longer than it takes. */
export interface ShardWrite {
  readonly name: string;
  /** A manifest to create, or a JSON merge patch, as the API takes it. */
  readonly body: object;
  /** Of a patch the whole object that it leads to; undefined where that isn't known, as of what others have put into it. */
  readonly whole?: object | undefined;
  readonly data: ShardData;
  /** What the ConfigMap holds afterwards. */
  readonly held: HeldData;
  /** What it weighs beside, by what others put there, in bytes. */
  readonly restBytes: number;
  readonly move: Move;
}

/** A ConfigMap to delete, if it is still the one that was seen. */
export interface Removal extends Pick<ShardWrite, "name" | "move"> {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** What is to be done about one shard. */
export type ShardStep =
  | (ShardWrite & { readonly do: "create" })
  | (ShardWrite & { readonly do: "patch" })
  | (Removal & { readonly do: "remove" })
  | { readonly do: "report"; readonly problem: WriteProblem }
  | { readonly do: "nothing" };

/** One shard: what belongs there, and the ConfigMap that stands there. */
export interface Shard extends ShardContent {
  readonly index: number;
  readonly found: ConfigMapState | undefined;
  readonly move: Move;
}

const nothing: ShardStep = { do: "nothing" };

/**
 * A function that decides about one shard. A ConfigMap that isn't the mirror's is
 * reported, never touched; a shard without peers is emptied, and removed once no pod mounts it (an optional volume source that is
 * deleted takes its files with it); the first one stays, with no peers. One that is blocked is left alone.
 */
export function shardStepper(
  mirror: ReadableMirror,
  render: (index: number, content: ShardContent) => ShardData,
): (shard: Shard, world: Pick<World, "mounted" | "isBlocked">) => ShardStep {
  // comparing a large ConfigMap again is needless while both sides are the same objects
  const inSync = new WeakMap<ConfigMapState, ShardData>();

  function patch(found: ConfigMapState, shard: Shard): ShardStep {
    const data = render(shard.index, shard);
    if (inSync.get(found) === data) return nothing;
    const patchBody = configMapPatch(found, mirror, data);
    if (patchBody === undefined) {
      inSync.set(found, data);
      return nothing;
    }
    if (found.immutable) return { do: "report", problem: immutableTarget(found.name) };
    return {
      do: "patch",
      name: found.name,
      get body() {
        return patchBody();
      },
      get whole() {
        return configMapReplacement(found, mirror, data);
      },
      data,
      held: heldAfter(found, data),
      restBytes: found.restBytes,
      move: shard.move,
    };
  }

  return (shard, world) => {
    const { index, peers, found, move } = shard;
    const name = shardName(mirror, index);
    const needed = index === 0 || peers.length > 0;
    if (world.isBlocked(name)) return nothing;
    if (found === undefined) {
      if (!needed) return nothing;
      const data = render(index, shard);
      return {
        do: "create",
        name,
        get body() {
          return configMapManifest(mirror.namespace, name, mirror, data);
        },
        data,
        // asked for when it is written, and its text is made
        get held() {
          return heldAfter(undefined, data);
        },
        restBytes: 0,
        move,
      };
    }
    const problem = occupation(found, mirror);
    if (problem !== undefined) return needed ? { do: "report", problem } : nothing;
    if (!needed && !world.mounted(name)) {
      return { do: "remove", name, uid: found.uid, resourceVersion: found.resourceVersion, move };
    }
    return patch(found, shard);
  };
}
