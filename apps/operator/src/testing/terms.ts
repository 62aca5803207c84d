import { type LeaseRecord, leaseRecord } from "../runtime/lease.ts";
import { leaseNames } from "../shards/lease-names.ts";
import { type Audited, isTaken, isWrite } from "./audit-log.ts";

/**
 * A time in which one replica held a Lease, by the Lease's own history. `from` and `until` are resourceVersions, which are the order in
 * which etcd has stored everything, so that no clock has a part in it.
 */
export interface Term {
  readonly lease: string;
  /** The pod that held it. */
  readonly holder: string;
  readonly from: number;
  /** When the Lease was released or taken by another; Infinity while it isn't. */
  readonly until: number;
  /** When the API server had the requests that took and renewed it, in milliseconds since 1970. */
  readonly renewedAt: readonly number[];
  /** When it had the one by which the holder released the Lease; undefined where he did not. */
  readonly releasedAt: number | undefined;
}

/** The terms of all shards, in the order in which they began. */
export function termsOf(log: readonly Audited[]): readonly Term[] {
  const writes = log
    .filter((request) => request.resource === "leases" && isStored(request) && isOfShard(request))
    .toSorted((a, b) => revisionOf(a) - revisionOf(b));
  const terms: Term[] = [];
  for (const write of writes) {
    const holder = holderOf(write);
    const at = terms.findLastIndex(({ lease }) => lease === write.name);
    const last = terms[at];
    if (last?.holder === holder && last.until === Number.POSITIVE_INFINITY) {
      terms[at] = { ...last, renewedAt: [...last.renewedAt, write.receivedAt] };
      continue;
    }
    const revision = revisionOf(write);
    const releasedAt = holder === "" ? write.receivedAt : undefined;
    if (last?.until === Number.POSITIVE_INFINITY) terms[at] = { ...last, until: revision, releasedAt };
    if (holder === "") continue;
    const renewedAt = [write.receivedAt];
    terms.push({
      lease: write.name,
      holder,
      from: revision,
      until: Number.POSITIVE_INFINITY,
      renewedAt,
      releasedAt: undefined,
    });
  }
  return terms;
}

function isOfShard({ name }: Audited): boolean {
  return leaseNames("metadata-mirror").roleOf(name)?.type === "shard";
}

/** The pod of the process that a Lease names, "" where it names none: its name is that of its pod and eight digits. */
export function podOf({ holder }: Pick<LeaseRecord, "holder">): string {
  return holder.replace(/-[0-9a-f]{8}$/, "");
}

/** The pod that a Lease belongs to once the write is stored, "" where nobody has it. */
function holderOf({ stored }: Audited): string {
  return podOf(leaseRecord({ metadata: {}, ...stored }));
}

/**
 * Whether the request was a write that is known to be stored. Of one whose sender was gone before the answer the log says 200, and not what was
 * stored, if anything.
 */
export function isStored(request: Audited): boolean {
  return isWrite(request) && isTaken(request) && !Number.isNaN(revisionOf(request));
}

/** The resourceVersion by which the write was stored. */
export function revisionOf({ stored }: Audited): number {
  return Number(stored?.metadata?.resourceVersion);
}
