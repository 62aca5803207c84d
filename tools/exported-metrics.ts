import { createMetrics } from "../apps/operator/src/metrics.ts";
import { nothing } from "../apps/operator/src/testing/present.ts";
import { createWatchMetrics } from "../apps/operator/src/watch-metrics.ts";

/** A metric as the operator exports it. */
export interface ExportedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** Everything that the operator exports, of one that takes Leases: what it is told of them is made up, the metrics are its own. */
export function exportedMetrics(): readonly ExportedMetric[] {
  const { registry } = createMetrics({ ...nothing, leases: () => ({ of: 1, shards: 1, unrenewedMs: 0 }) });
  createWatchMetrics(registry, { streams: () => [], mirrors: () => [], stale: () => 0 });
  // prom-client knows the labels, and its types don't
  const metrics = registry.getMetricsAsArray() as unknown as readonly (ExportedMetric & { labelNames: string[] })[];
  return metrics.map(({ name, type, labelNames, help }) => ({ name, type, labels: labelNames, help }));
}
