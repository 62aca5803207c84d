import type { ApiError } from "@metadata-mirror/api-client";
import { leaseDurationMs, type LeaseRecord, leaseRecord, leases } from "../runtime/lease.ts";
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
  let listed: LeaseRecord[] = [];
  const events = client.watch(leases, {
    namespace,
    labelSelector: `${leaseLabel}=${prefix}`,
    decode: leaseRecord,
    // whoever holds a Lease renews it far more often: a stream that is silent for so long is broken
    stallMs: leaseDurationMs,
    signal,
    onFault,
  });
  for await (const event of events) {
    switch (event.type) {
      case "init":
        listed = [];
        continue;
      case "initApply":
        listed.push(event.object);
        continue;
      case "initDone":
        sightings.seeAll(listed, event.resourceVersion);
        onListed();
        break;
      case "apply":
        sightings.see(event.object);
        break;
      case "delete":
        sightings.lose(event.object.name, event.object.resourceVersion);
        break;
    }
    onChange();
  }
}
