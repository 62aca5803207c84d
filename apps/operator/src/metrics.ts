import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { gauge, metricName } from "./metric.ts";
import type { WriteReason } from "./mirror/write.ts";
import type { WriteCounts } from "./mirror/write-counts.ts";
import { registerProcessMetrics } from "./process-metrics.ts";
import { version } from "./version.ts";

/** The operator's metrics, named `metadata_mirror_*`, and those of its process. */
export interface Metrics {
  readonly registry: Registry;
  readonly passes: Counter;
  readonly failures: Counter<"code">;
  readonly writes: { readonly add: (counts: WriteCounts) => void };
  readonly writtenBytes: Counter;
  /** Of what was received and what was written for it, in seconds. */
  readonly propagation: Histogram;
  readonly throttled: Counter<"namespace">;
  readonly refreshes: Counter;
  readonly refreshRefusals: Counter<"namespace">;
  readonly refreshLag: Histogram;
  readonly faults: Counter<"resource" | "code">;
  readonly leaseFaults: Counter<"code">;
  readonly internalErrors: Counter<"kind">;
  readonly unreadable: Counter<"resource">;
  readonly eventsCreated: Counter;
  readonly eventsDropped: Counter;
}

/** What is looked at when the metrics are asked for. */
export interface Present {
  /** How many mirrors wait for a worker, and for how long the one that waits for the longest time has. */
  readonly mirrors: () => number;
  readonly oldestMs: () => number;
  /** How many changes found their mirror waiting already. */
  readonly coalesced: () => number;
  /** How many pods wait to be told of changes. */
  readonly pods: () => number;
  /** How many mirrors are ours to keep. */
  readonly owned: () => number;
  /** How many shards there are and we hold, and how long ago the Lease was renewed that wasn't for the longest time; undefined without Leases. */
  readonly leases: (() => { readonly of: number; readonly shards: number; readonly unrenewedMs: number }) | undefined;
}

/** Metrics in a registry of their own. */
export function createMetrics(present: Present): Metrics {
  const registry = new Registry();
  const registers = [registry];
  registerProcessMetrics(registry);
  new Gauge({ name: metricName("build_info"), help: "1, of this version.", labelNames: ["version"], registers }).set(
    { version },
    1,
  );
  const now = (suffix: string, help: string, value: () => number) =>
    gauge(registry, suffix, help, [], (to) => to.set(value()));
  now("queue_depth", "Mirrors that wait for a worker.", present.mirrors);
  now(
    "queue_oldest_seconds",
    "For how long the mirror that waits for the longest time has; 0 where none waits.",
    () => present.oldestMs() / 1000,
  );
  new Counter({
    name: metricName("coalesced_changes_total"),
    help: "Changes that found their mirror waiting already, for a worker or for a write that is held back, and joined what it waited for.",
    registers,
    collect() {
      this.reset();
      this.inc(present.coalesced());
    },
  });
  now("refresh_waiting", "Pods that are yet to be told that what they mount has changed.", present.pods);
  now("mirrors_owned", "Mirrors that this replica keeps.", present.owned);
  const { leases } = present;
  if (leases !== undefined) {
    now("shards", "Shards that the mirrors are spread over.", () => leases().of);
    now("shards_held", "Shards whose Leases this replica holds.", () => leases().shards);
    now(
      "lease_unrenewed_seconds",
      "How long ago the Lease was renewed that wasn't for the longest time, of those that are held; at 10 the shard is lost.",
      () => leases().unrenewedMs / 1000,
    );
  }
  return {
    registry,
    passes: new Counter({ name: metricName("passes_total"), help: "Passes over a mirror.", registers }),
    failures: new Counter({
      name: metricName("pass_failures_total"),
      help: "Passes that failed and are tried again, by the code of the fault.",
      labelNames: ["code"],
      registers,
    }),
    writes: createWrites(registers),
    writtenBytes: new Counter({
      name: metricName("configmap_written_bytes_total"),
      help: "Bytes of the ConfigMaps written: what etcd stores of them, not what was sent.",
      registers,
    }),
    propagation: new Histogram({
      name: metricName("propagation_seconds"),
      help: "From the first change that a write shows, as a watch told of it, to the answer to that write.",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    throttled: new Counter({
      name: metricName("throttled_total"),
      help: "Writes and refreshes that the budget of stored bytes held back.",
      labelNames: ["namespace"],
      registers,
    }),
    refreshes: new Counter({
      name: metricName("refreshes_total"),
      help: "Pods that were patched to be refreshed.",
      registers,
    }),
    refreshRefusals: new Counter({
      name: metricName("refresh_refusals_total"),
      help: "Pods that the API server refused to have refreshed, and pods that take no annotation.",
      labelNames: ["namespace"],
      registers,
    }),
    refreshLag: new Histogram({
      name: metricName("refresh_lag_seconds"),
      help: "From a change of what a pod mounts, as the watch shows it, to the answer to the patch that tells the pod.",
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    faults: new Counter({
      name: metricName("watch_faults_total"),
      help: "Faults of watches, by resource and code.",
      labelNames: ["resource", "code"],
      registers,
    }),
    leaseFaults: new Counter({
      name: metricName("lease_faults_total"),
      help: "Requests about Leases that failed and are tried again, by the code of the fault.",
      labelNames: ["code"],
      registers,
    }),
    internalErrors: new Counter({
      name: metricName("internal_errors_total"),
      help: "Changes of objects that something in here threw at, by the kind of the object: bugs. The others are dealt with.",
      labelNames: ["kind"],
      registers,
    }),
    unreadable: new Counter({
      name: metricName("unreadable_objects_total"),
      help: "Objects that can't be read and are left out; each is counted once until it can be read.",
      labelNames: ["resource"],
      registers,
    }),
    eventsCreated: new Counter({
      name: metricName("events_created_total"),
      help: "Kubernetes Events created.",
      registers,
    }),
    eventsDropped: new Counter({
      name: metricName("events_dropped_total"),
      help: "Kubernetes Events that were not created, since there were too many; the log and the conditions have what they were to tell.",
      registers,
    }),
  };
}

/** Every reason is there from the start, so that the first write of one is an increase. */
function createWrites(registers: Registry[]): Metrics["writes"] {
  const counter = new Counter({
    name: metricName("configmap_writes_total"),
    help: "ConfigMaps written, removed ones too, by the reason.",
    labelNames: ["reason"],
    registers,
  });
  // labels are hashed once for each
  const reasons: Readonly<Record<WriteReason, Counter.Internal>> = {
    create: counter.labels("create"),
    change: counter.labels("change"),
    move: counter.labels("move"),
    repair: counter.labels("repair"),
    remove: counter.labels("remove"),
  };
  for (const reason of Object.values(reasons)) reason.inc(0);
  return {
    add(counts) {
      for (const [reason, count] of Object.entries(counts)) reasons[reason as WriteReason].inc(count);
    },
  };
}
