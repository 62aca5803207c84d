import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** The ambassador's metrics, all named `metadata_mirror_ambassador_*`. */
export interface Metrics {
  readonly registry: Registry;
  /** Answers, by method and by status: 101 of a tunnel, 499 of a client that left before its answer began. */
  readonly requests: Counter<"method" | "code">;
  /** From a request to the beginning of its answer, in seconds. */
  readonly latency: Histogram;
  readonly faults: Counter<"code">;
}

/** Metrics in a registry of their own; `underWay` tells how many requests and tunnels there are now. */
export function createMetrics(underWay: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const name = (suffix: string) => `metadata_mirror_ambassador_${suffix}`;
  new Gauge({
    name: name("requests_in_flight"),
    help: "Requests and tunnels that are under way.",
    registers,
    collect() {
      this.set(underWay());
    },
  });
  return {
    registry,
    requests: new Counter({
      name: name("requests_total"),
      help: "Requests that were answered, by the API server or by the ambassador itself.",
      labelNames: ["method", "code"],
      registers,
    }),
    latency: new Histogram({
      name: name("answer_seconds"),
      help: "How long the beginning of an answer took.",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    faults: new Counter({
      name: name("upstream_faults_total"),
      help: "Requests that the API server did not answer, or not to the end, by the code of the fault.",
      labelNames: ["code"],
      registers,
    }),
  };
}
