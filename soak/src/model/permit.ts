import { formats } from "../world/format.ts";
import type { Grant } from "../world/grant.ts";
import { type ItemName, items } from "../world/item.ts";
import type { Mirror } from "../world/mirror.ts";
import type { Pod } from "../world/pod.ts";
import { matches } from "../world/selector.ts";
import type { World } from "../world/world.ts";

/** What must be granted for a pod to be seen at all: see docs/metadata-grant.md. */
function required({ selector, include, formats: names }: Mirror): readonly string[] {
  const state = { Ready: ["status.conditions['Ready']"], Running: ["status.phase"], All: [] }[include];
  return [
    ...selector.map(({ key }) => `metadata.labels['${key}']`),
    ...state,
    ...names.flatMap((name) => formats[name].shows),
  ];
}

/** A field by itself, or by the whole map that it is of. */
function isGranted(field: string, grants: readonly Grant[]): boolean {
  const [map] = field.split("[");
  return grants.some(({ fields }) => fields.includes(field) || fields.includes(map ?? field));
}

const grantsTo = (world: World, mirror: Mirror, namespace: string) =>
  [...world.grants.values()].filter((grant) => grant.namespace === namespace && grant.from.includes(mirror.namespace));

/** The items that a mirror may show of a pod; undefined where it may not know of the pod. */
export function permitted(mirror: Mirror, pod: Pod, world: World): readonly ItemName[] | undefined {
  if (pod.namespace === mirror.namespace) return mirror.items;
  const grants = grantsTo(world, mirror, pod.namespace).filter(({ selector }) => matches(selector, pod.labels));
  if (grants.length === 0 || !required(mirror).every((field) => isGranted(field, grants))) return undefined;
  return mirror.items.filter((item) => isGranted(items[item].field, grants));
}

/** Whether its condition Authorized is True: in each other namespace all that it asks for is granted to it, of whichever pods. */
export function isAuthorized(mirror: Mirror, world: World): boolean {
  const asked = [...required(mirror), ...mirror.items.map((item) => items[item].field)];
  return (mirror.namespaces ?? [])
    .filter((namespace) => namespace !== mirror.namespace)
    .map((namespace) => grantsTo(world, mirror, namespace))
    .every((grants) => grants.length > 0 && asked.every((field) => isGranted(field, grants)));
}
