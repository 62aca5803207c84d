import { Counter, Gauge, Registry } from "prom-client";

/** The operator's metrics, all named `metadata_mirror_*`. */
export interface Metrics {
  readonly registry: Registry;
  readonly passes: Counter;
  readonly failures: Counter<"code">;
  readonly writes: Counter;
  readonly writtenBytes: Counter;
  readonly throttled: Counter<"namespace">;
  readonly faults: Counter<"resource" | "code">;
  readonly lastContact: Gauge<"resource" | "scope">;
}

/** Metrics in a registry of their own; `depth` tells how many mirrors wait now. */
export function createMetrics(depth: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const name = (suffix: string) => `metadata_mirror_${suffix}`;
  new Gauge({
    name: name("queue_depth"),
    help: "Mirrors that wait for a worker.",
    registers,
    collect() {
      this.set(depth());
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
      help: "Writes that the budget of stored bytes held back.",
      labelNames: ["namespace"],
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
