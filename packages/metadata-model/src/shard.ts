import type { MetadataMirrorSpec } from "./metadata-mirror.ts";
import type { ShardLimits } from "./loads.ts";
import { isProblem } from "./problem.ts";
import { parseQuantity, wholeUnits } from "./quantity.ts";

/** What names the ConfigMaps of a mirror. */
export interface ShardNaming {
  readonly name: string;
  readonly spec: { readonly output: Pick<MetadataMirrorSpec["output"], "configMapName"> };
}

/** The name of the ConfigMap of shard `index`: `web-peers`, `web-peers-1`, `web-peers-2` … */
export function shardName({ name, spec }: ShardNaming, index: number): string {
  const base = spec.output.configMapName ?? name;
  return index === 0 ? base : `${base}-${index}`;
}

/** The index of the shard that a ConfigMap of this name would be, or undefined where it's none of this mirror's. */
export function shardIndex(mirror: ShardNaming, configMap: string): number | undefined {
  const base = shardName(mirror, 0);
  if (configMap === base) return 0;
  if (!configMap.startsWith(`${base}-`)) return undefined;
  const digits = configMap.slice(base.length + 1);
  return /^[1-9][0-9]{0,2}$/.test(digits) ? Number(digits) : undefined;
}

/** The limits of `place` as the spec sets them; `emptySize` tells in bytes what a shard weighs without peers. */
export function shardLimits(output: MetadataMirrorSpec["output"], emptySize: ShardLimits["emptySize"]): ShardLimits {
  const quantity = parseQuantity(String(output.maxShardSize));
  const bytes = isProblem(quantity) ? quantity : wholeUnits(quantity);
  return {
    peersPerShard: output.peersPerShard,
    // the CRD's rules admit 4Ki to 1Mi; what isn't a quantity at all leaves no room, and every peer is reported as left out
    maxShardSize: isProblem(bytes) ? 0 : Number(bytes),
    maxShards: output.maxShards,
    emptySize,
  };
}
