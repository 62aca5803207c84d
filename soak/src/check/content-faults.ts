import { contentOf } from "../model/content.ts";
import { keyOf, type World } from "../world/world.ts";
import { inTheWay } from "./in-the-way.ts";
import { differences, join } from "./joined.ts";
import { type FoundConfigMap, shardsOf, type Sight } from "./sight.ts";

/** Something that isn't as it should be. */
export interface Mismatch {
  /** `mirror soak-1/mirror-0`, `ConfigMap soak-1/mirror-0-1` */
  readonly object: string;
  readonly what: string;
}

/** The resourceVersion that a ConfigMap of somebody else has since they last wrote it, by `<namespace>/<name>`. */
export type Written = ReadonlyMap<string, string>;

/** Where ConfigMaps aren't what they have to be in this world. */
export function contentFaults(world: World, sight: Sight, written: Written): readonly Mismatch[] {
  return [...ofMirrors(world, sight), ...ofStrangers(world, sight, written), ...surplus(world, sight)];
}

function ofMirrors(world: World, sight: Sight): readonly Mismatch[] {
  return [...world.mirrors.values()].flatMap((mirror) => {
    const object = `mirror ${keyOf(mirror)}`;
    const found = sight.mirrors.find((one) => keyOf(one) === keyOf(mirror));
    if (found === undefined) return [{ object, what: "it is not there" }];
    const shards = shardsOf(found, sight);
    const { content, faults } = join(mirror, shards);
    const blocked = inTheWay(mirror, world);
    const isMissing = shards.every(({ name }) => name !== mirror.configMap) && !blocked.includes(0);
    return [
      ...(isMissing ? [`its ConfigMap ${mirror.configMap} is not there`] : []),
      ...faults,
      // what is in the way may keep peers out, and those that are there already where they are
      ...(blocked.length > 0 ? [] : shards.flatMap((shard) => sizeFaults(shard, mirror.peersPerShard))),
      ...differences(contentOf(mirror, world), content, blocked.length > 0),
    ].map((what) => ({ object, what }));
  });
}

/** Of those whose peers can be told from the keys: an item's path holds no `_`. */
function sizeFaults({ name, data }: FoundConfigMap, peersPerShard: number): readonly string[] {
  const keys = Object.keys(data).filter((key) => key.includes("_"));
  const peers = new Set(keys.map((key) => key.slice(0, key.lastIndexOf("_")))).size;
  return peers > peersPerShard ? [`${name} has ${peers} peers, and may have ${peersPerShard}`] : [];
}

function ofStrangers({ strangers }: World, { configMaps }: Sight, written: Written): readonly Mismatch[] {
  return [...strangers.values()].flatMap((stranger) => {
    const object = `ConfigMap ${keyOf(stranger)} of somebody else`;
    const found = configMaps.find((one) => keyOf(one) === keyOf(stranger));
    if (found === undefined) return [{ object, what: "it is gone" }];
    const isTouched = found.resourceVersion !== written.get(keyOf(stranger));
    return isTouched ? [{ object, what: `it was written, and holds ${JSON.stringify(found.data)}` }] : [];
  });
}

function surplus({ strangers }: World, { configMaps, mirrors }: Sight): readonly Mismatch[] {
  const owners = new Set(mirrors.map(({ uid }) => uid));
  return configMaps
    .filter((one) => !strangers.has(keyOf(one)) && !owners.has(one.controller?.uid ?? ""))
    .map((one) => ({ object: `ConfigMap ${keyOf(one)}`, what: "it is of no mirror that there is" }));
}
