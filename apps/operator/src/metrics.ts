import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** The operator's metrics, all named `metadata_mirror_*`. */
export interface Metrics {
  readonly registry: Registry;
  readonly passes: Counter;
  readonly failures: Counter<"code">;
  readonly writes: Counter;
  readonly writtenBytes: Counter;
  readonly throttled: Counter<"namespace">;
  readonly refreshes: Counter;
  readonly refreshRefusals: Counter<"namespace">;
  readonly refreshLag: Histogram;
  readonly faults: Counter<"resource" | "code">;
  readonly leaseFaults: Counter<"code">;
}

/** What is looked at when the metrics are asked for. */
export interface Present {
  /** How many mirrors and pods wait. */
  readonly mirrors: () => number;
  readonly pods: () => number;
  /** How many mirrors are ours to keep. */
  readonly owned: () => number;
  /** How many shards we hold, and how long ago the Lease was renewed that wasn't for the longest time; undefined where there are no Leases. */
  readonly leases: (() => { readonly shards: number; readonly unrenewedMs: number }) | undefined;
}

/** Metrics in a registry of their own. */
export function createMetrics(present: Present): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const name = (suffix: string) => `metadata_mirror_${suffix}`;
  const gauge = (suffix: string, help: string, value: () => number) =>
    new Gauge({
      name: name(suffix),
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge("queue_depth", "Mirrors that wait for a worker.", present.mirrors);
  gauge("refresh_waiting", "Pods that are yet to be told that what they mount has changed.", present.pods);
  gauge("mirrors_owned", "Mirrors that this replica keeps.", present.owned);
  const { leases } = present;
  if (leases !== undefined) {
    gauge("shards_held", "Shards whose Leases this replica holds.", () => leases().shards);
    gauge(
      "lease_unrenewed_seconds",
      "How long ago the Lease was renewed that wasn't for the longest time, of those that are held; at 10 the shard is lost.",
      () => leases().unrenewedMs / 1000,
    );
  }
  return {
    registry,
    passes: new Counter({ name: name("passes_total"), help: "Passes over a mirror.", registers }),
    failures: new Counter({
      name: name("pass_failures_total"),
      help: "Passes that failed and are tried again, by the code of the fault.",
      labelNames: ["code"],
      registers,
    }),
    writes: new Counter({ name: name("configmap_writes_total"), help: "ConfigMaps written.", registers }),
    writtenBytes: new Counter({
      name: name("configmap_written_bytes_total"),
      help: "Bytes of the ConfigMaps written: what etcd stores of them, not what was sent.",
      registers,
    }),
    throttled: new Counter({
      name: name("throttled_total"),
      help: "Writes and refreshes that the budget of stored bytes held back.",
      labelNames: ["namespace"],
      registers,
    }),
    refreshes: new Counter({
      name: name("refreshes_total"),
      help: "Pods that were patched to be refreshed.",
      registers,
    }),
    refreshRefusals: new Counter({
      name: name("refresh_refusals_total"),
      help: "Pods that the API server refused to have refreshed, and pods that take no annotation.",
      labelNames: ["namespace"],
      registers,
    }),
    refreshLag: new Histogram({
      name: name("refresh_lag_seconds"),
      help: "From a change of what a pod mounts, as the watch shows it, to the answer to the patch that tells the pod.",
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    faults: new Counter({
      name: name("watch_faults_total"),
      help: "Faults of watches, by resource and code.",
      labelNames: ["resource", "code"],
      registers,
    }),
    leaseFaults: new Counter({
      name: name("lease_faults_total"),
      help: "Requests about Leases that failed and are tried again, by the code of the fault.",
      labelNames: ["code"],
      registers,
    }),
  };
}
