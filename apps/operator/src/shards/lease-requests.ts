import { type ApiClient, ApiError, type Clock } from "@metadata-mirror/api-client";
import { acquired, type LeaseRecord, leaseRecord, leases, released, renewed } from "../runtime/lease.ts";
import { leaseLabel } from "./lease-names.ts";
import type { Sightings } from "./sightings.ts";

export type LeaseClient = Pick<ApiClient, "get" | "list" | "create" | "patch" | "delete" | "watch">;

export interface LeaseRequestsOptions {
  readonly client: LeaseClient;
  readonly namespace: string;
  /** The value of the label of the Leases. */
  readonly prefix: string;
  readonly identity: string;
  readonly clock: Clock;
  /** Learns what the API server answers. */
  readonly sightings: Sightings;
  /** A request failed, and not since somebody else was first. */
  readonly onFault: (fault: ApiError) => void;
}

/** The requests about Leases. None rejects, and each answers whether it was done; what stands there instead is in the sightings then. */
export interface LeaseRequests {
  /** Takes the Lease as it was last seen, or creates it. */
  readonly take: (name: string) => Promise<boolean>;
  readonly renew: (name: string) => Promise<boolean>;
  readonly release: (name: string) => Promise<boolean>;
  readonly remove: (name: string) => Promise<boolean>;
  /** Sees all Leases as they are at present, not as a watch or a cache has them. */
  readonly look: () => Promise<boolean>;
}

/** A request is given up after so long, in milliseconds: half of the renew deadline, as in controller-runtime, so that there is time for another. */
const requestMs = 5_000;

export function createLeaseRequests(options: LeaseRequestsOptions): LeaseRequests {
  const { client, namespace, prefix, identity, clock, sightings, onFault } = options;

  async function limited<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const done = new AbortController();
    void clock
      .sleep(requestMs, done.signal)
      .then(() => limit.abort(new DOMException(`no answer in ${requestMs} ms`, "TimeoutError")));
    try {
      return await run(limit.signal);
    } finally {
      done.abort();
    }
  }

  async function attempt(run: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    try {
      await limited(run);
      return true;
    } catch (error) {
      onFault(ApiError.from(error));
      return false;
    }
  }

  /** Learns what stands there instead of what was expected. */
  async function lookAt(name: string): Promise<void> {
    await attempt(async (signal) => {
      try {
        sightings.correct(leaseRecord(await client.get(leases, { namespace, name }, { signal })));
      } catch (error) {
        if (ApiError.from(error).code !== "not-found") throw error;
        sightings.lose(name);
      }
    });
  }

  /** Writes the Lease, but only as it was last seen. */
  async function write(name: string, specOf: (before: LeaseRecord | undefined) => object): Promise<boolean> {
    const seen = sightings.get(name);
    let isOther = false;
    const stored = await attempt(async (signal) => {
      try {
        sightings.correct(leaseRecord(await send(signal)));
      } catch (error) {
        const fault = ApiError.from(error);
        isOther = ["conflict", "already-exists", "not-found"].includes(fault.code);
        if (!isOther) throw fault;
      }
    });
    if (isOther) await lookAt(name);
    return stored && !isOther;

    function send(signal: AbortSignal) {
      const labels = { [leaseLabel]: prefix };
      const spec = specOf(seen);
      if (seen === undefined || seen.gone) {
        const metadata = { namespace, name, labels };
        return client.create(
          leases,
          { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec },
          { signal },
        );
      }
      const metadata = { resourceVersion: seen.resourceVersion, labels };
      return client.patch(leases, { namespace, name }, { metadata, spec }, { signal });
    }
  }

  /** Writes the Lease if it is ours still: it may have been taken meanwhile, and what others hold is not ours to write. */
  async function writeOwn(name: string, specOf: () => object): Promise<boolean> {
    return sightings.get(name)?.holder === identity && (await write(name, specOf));
  }

  return {
    take: (name) => write(name, (before) => acquired(before, identity, clock.now())),
    renew: (name) => writeOwn(name, () => renewed(identity, clock.now())),
    release: (name) => writeOwn(name, () => released(clock.now())),
    remove: (name) =>
      attempt(async (signal) => {
        const { resourceVersion } = sightings.get(name) ?? {};
        try {
          await client.delete(
            leases,
            { namespace, name },
            { ...(resourceVersion !== undefined && { resourceVersion }), signal },
          );
          sightings.lose(name);
        } catch (error) {
          // somebody else has removed it, or its replica is there after all
          if (!["not-found", "conflict"].includes(ApiError.from(error).code)) throw error;
          await lookAt(name);
        }
      }),
    look: () =>
      attempt(async (signal) => {
        const records: LeaseRecord[] = [];
        let version = "";
        const labelSelector = `${leaseLabel}=${prefix}`;
        for await (const page of client.list(leases, { namespace, labelSelector, signal })) {
          records.push(...page.items.map(leaseRecord));
          version = page.resourceVersion;
        }
        sightings.seeAll(records, version);
      }),
  };
}
