/** What a Lease of ours is about. */
type LeaseRole =
  /** Who works on a shard, of so many shards in all. */
  | { readonly type: "shard"; readonly shard: number; readonly count: number }
  /** That a replica is there which holds no shard, of so many. */
  | { readonly type: "replica"; readonly count: number };

/** The names of the Leases of one operator, all of whose replicas have the same `prefix`. */
export interface LeaseNames {
  /** `metadata-mirror-0-of-3`: the count is part of it, so that replicas that count differently never take the one shard for the other. */
  readonly shard: (shard: number, count: number) => string;
  /** `metadata-mirror-replica-<identity>-of-3`: what the Lease `apiserver-<identity>` is to a kube-apiserver. */
  readonly replica: (identity: string, count: number) => string;
  /** What has the name; undefined where it's none of these. */
  readonly roleOf: (name: string) => LeaseRole | undefined;
}

export function leaseNames(prefix: string): LeaseNames {
  return {
    shard: (shard, count) => `${prefix}-${shard}-of-${count}`,
    replica: (identity, count) => `${prefix}-replica-${identity}-of-${count}`,
    roleOf(name) {
      if (!name.startsWith(`${prefix}-`)) return undefined;
      const [, what = "", count] = /^(.+)-of-([0-9]+)$/.exec(name.slice(prefix.length + 1)) ?? [];
      if (what.startsWith("replica-")) return { type: "replica", count: Number(count) };
      return /^[0-9]+$/.test(what) ? { type: "shard", shard: Number(what), count: Number(count) } : undefined;
    },
  };
}

/** The label of our Leases; its value is their prefix. */
export const leaseLabel = "metadatamirror.dev/lease";

/** A replica's name in Leases: lower case letters, digits, `-` and `.`, since the name of a Lease holds it, and 63 of them at most. */
export function identityOf(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9.-]+/g, "-");
  return plain.slice(-63).replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "") || "operator";
}
