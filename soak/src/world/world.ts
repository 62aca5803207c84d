import type { Change } from "./change.ts";
import type { Grant } from "./grant.ts";
import type { Mirror } from "./mirror.ts";
import type { Pod } from "./pod.ts";
import type { Stranger } from "./stranger.ts";

/** All there is, each by `<namespace>/<name>`: what the ConfigMaps have to hold follows from it. */
export interface World {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly mirrors: ReadonlyMap<string, Mirror>;
  readonly grants: ReadonlyMap<string, Grant>;
  readonly strangers: ReadonlyMap<string, Stranger>;
  /** Name of the node → its allocatable CPUs. */
  readonly nodes: ReadonlyMap<string, number>;
}

/** One with nodes, each of 4 CPUs, and nothing else. */
export function emptyWorld(nodes: readonly string[]): World {
  return {
    pods: new Map(),
    mirrors: new Map(),
    grants: new Map(),
    strangers: new Map(),
    nodes: new Map(nodes.map((name) => [name, 4])),
  };
}

/** `<namespace>/<name>` */
export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** The world after a change. */
export function after(world: World, change: Change): World {
  switch (change.subject) {
    case "pod":
      return { ...world, pods: put(world.pods, change.pod, change.verb === "delete") };
    case "mirror":
      return { ...world, mirrors: put(world.mirrors, change.mirror, change.verb === "delete") };
    case "grant":
      return { ...world, grants: put(world.grants, change.grant, change.verb === "delete") };
    case "stranger":
      return { ...world, strangers: put(world.strangers, change.stranger, change.verb === "delete") };
    case "node":
      return { ...world, nodes: new Map(world.nodes).set(change.node, change.cpus) };
    case "edit":
    case "garbage":
      return world;
  }
}

function put<T extends { readonly namespace: string; readonly name: string }>(
  all: ReadonlyMap<string, T>,
  one: T,
  isGone: boolean,
): ReadonlyMap<string, T> {
  const next = new Map(all);
  if (isGone) next.delete(keyOf(one));
  else next.set(keyOf(one), one);
  return next;
}
