import type { World, WorldPod } from "./world.ts";

/** The mirrors of a world, which are the ConfigMaps too. */
export const mirrorNames = ["local", "across", "shifting"] as const;
export type MirrorName = (typeof mirrorNames)[number];

/** What a ConfigMap holds. */
export type Data = Readonly<Record<string, string>>;

/** What each ConfigMap must hold now, by what the documentation says; none of the operator's code is used. */
export function truthOf(world: World): Readonly<Record<MirrorName, Data>> {
  const here = world.pods.filter(({ until }) => until === Infinity);
  const [own] = world.namespaces;
  const local = here.filter(({ namespace }) => namespace === own);
  const isGranted = ({ tier }: WorldPod) => world.grants[tier].at(-1)?.until === Infinity;
  const shown = here.filter((pod) => pod.namespace === own || isGranted(pod));
  const dataOf = (pods: readonly WorldPod[]): Data =>
    Object.fromEntries(pods.flatMap((pod) => Object.entries(linesOf(pod, world))));
  return {
    local: dataOf(local.filter(({ app }) => app === "web")),
    across: dataOf(shown.filter(({ app }) => app === "web")),
    shifting: dataOf(local.filter(({ app }) => app === world.shifting.now)),
  };
}

/** What the keys of a pod begin with. */
export function prefixOf({ namespace, name }: WorldPod, { namespaces: [own] }: World): string {
  return namespace === own ? `${name}_` : `${namespace}__${name}_`;
}

function linesOf(pod: WorldPod, world: World): Data {
  const prefix = prefixOf(pod, world);
  const rev = pod.revs.now;
  return {
    [`${prefix}name`]: pod.name,
    [`${prefix}rev`]: rev,
    [`${prefix}twin`]: rev,
    [`${prefix}cpu`]: world.cpus.now,
  };
}
