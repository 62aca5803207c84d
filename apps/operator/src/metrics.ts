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
  readonly lastContact: Gauge<"resource" | "scope">;
}

/** How many wait now. */
export interface Waiting {
  readonly mirrors: () => number;
  readonly pods: () => number;
}

/** Metrics in a registry of their own. */
export function createMetrics(waiting: Waiting): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const name = (suffix: string) => `metadata_mirror_${suffix}`;
  new Gauge({
    name: name("queue_depth"),
    help: "Mirrors that wait for a worker.",
    registers,
    collect() {
      this.set(waiting.mirrors());
    },
  });
  new Gauge({
    name: name("refresh_waiting"),
    help: "Pods that are yet to be told that what they mount has changed.",
    registers,
    collect() {
      this.set(waiting.pods());
    },
  });
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
    lastContact: new Gauge({
      name: name("watch_last_contact_timestamp_seconds"),
      help: "When the API server last proved to be there: an event, a bookmark or a reply.",
      labelNames: ["resource", "scope"],
      registers,
    }),
  };
}
