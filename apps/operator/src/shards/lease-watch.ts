import type { ApiError } from "@metadata-mirror/api-client";
import { leaseDurationMs, type LeaseRecord, leaseRecord, leases } from "../runtime/lease.ts";
import { reflect } from "../runtime/reflect.ts";
import type { Entry, Reflection } from "../runtime/store.ts";
import { leaseLabel } from "./lease-names.ts";
import type { LeaseClient } from "./lease-requests.ts";
import type { Sightings } from "./sightings.ts";

export interface LeaseWatchOptions {
  readonly client: LeaseClient;
  readonly namespace: string;
  /** The value of the label of the Leases. */
  readonly prefix: string;
  readonly sightings: Sightings;
  readonly onFault: (fault: ApiError) => void;
  /** A list is in. */
  readonly onListed: () => void;
  /** Something was told that wasn't known. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/** Tells the sightings of all Leases until the signal aborts: a shard that is released is known to be free in milliseconds, not at the next poll. */
export async function followLeases(options: LeaseWatchOptions): Promise<void> {
  const { client, namespace, prefix, sightings, onFault, onListed, onChange, signal } = options;
  const told: Reflection<LeaseRecord> = {
    listing: () => undefined,
    swap(_, entries, resourceVersion) {
      const records = entries.map(({ object }) => object);
      sightings.seeAll(records, resourceVersion);
      onChange();
    },
    apply({ object }) {
      sightings.see(object);
      onChange();
    },
    remove({ name, resourceVersion }) {
      sightings.lose(name, resourceVersion);
      onChange();
    },
  };
  const events = client.watch(leases, {
    namespace,
    labelSelector: `${leaseLabel}=${prefix}`,
    decode(lease): Entry<LeaseRecord> {
      const object = leaseRecord(lease);
      return { namespace, name: object.name, resourceVersion: object.resourceVersion, object };
    },
    // whoever holds a Lease renews it far more often: a stream that is silent for so long is broken
    stallMs: leaseDurationMs,
    signal,
    onFault,
  });
  await reflect(events, told, { scope: namespace, onListed });
}
