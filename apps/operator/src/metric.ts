import { Gauge, type Registry } from "prom-client";

/** The name of a metric of ours. */
export const metricName = (suffix: string): string => `metadata_mirror_${suffix}`;

/** Registers a gauge that is set anew whenever the metrics are asked for. */
export function gauge<L extends string>(
  registry: Registry,
  suffix: string,
  help: string,
  labelNames: readonly L[],
  set: (to: Gauge<L>) => void,
): void {
  new Gauge({
    name: metricName(suffix),
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      set(this);
    },
  });
}
