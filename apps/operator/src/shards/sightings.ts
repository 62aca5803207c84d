import { expiryOf, type LeaseRecord, type SeenLease } from "../runtime/lease.ts";
import { isNewer } from "../runtime/resource-version.ts";

/** The Leases as this replica has seen them, and when: what the watch told, what lists held, and the answers to its own requests. */
export interface Sightings {
  readonly all: () => Iterable<SeenLease>;
  readonly get: (name: string) => SeenLease | undefined;
  /** A state of a Lease that may be older than what is known. */
  readonly see: (record: LeaseRecord) => void;
  /** The state that a Lease has by now, whatever is known: the API server was asked, after it had refused what is known. */
  readonly correct: (record: LeaseRecord) => void;
  /** A Lease ended at this resourceVersion; without one it's the present that is told. */
  readonly lose: (name: string, resourceVersion?: string) => void;
  /** A list of them all, as of `resourceVersion`: those that are not in it are gone. */
  readonly seeAll: (records: readonly LeaseRecord[], resourceVersion: string) => void;
}

/** Nothing seen; `monotonic` is our clock, in milliseconds. */
export function createSightings(monotonic: () => number): Sightings {
  const known = new Map<string, SeenLease>();

  function put(record: LeaseRecord): void {
    known.set(record.name, { ...record, seenAt: monotonic(), gone: false });
  }

  function see(record: LeaseRecord): void {
    const before = known.get(record.name);
    if (before === undefined || isNewer(record.resourceVersion, before.resourceVersion)) put(record);
  }

  function lose(name: string, resourceVersion?: string): void {
    const before = known.get(name);
    if (before === undefined || (resourceVersion !== undefined && isNewer(before.resourceVersion, resourceVersion)))
      return;
    // it expires as it would have: whoever holds it may not know yet
    known.set(name, { ...before, gone: true });
    for (const seen of known.values()) if (seen.gone && expiryOf(seen) <= monotonic()) known.delete(seen.name);
  }

  return {
    all: () => known.values(),
    get: (name) => known.get(name),
    see,
    lose,
    correct(record) {
      const before = known.get(record.name);
      if (before?.resourceVersion !== record.resourceVersion) put(record);
      else if (before.gone) known.set(record.name, { ...before, gone: false });
    },
    seeAll(records, resourceVersion) {
      const listed = new Set(records.map(({ name }) => name));
      for (const name of known.keys()) if (!listed.has(name)) lose(name, resourceVersion);
      records.forEach(see);
    },
  };
}
