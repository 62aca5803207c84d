/** Counters by the names of their metrics, without what all of them begin with and without `_total`: each the sum over its labels. */
export type Counters = Readonly<Record<string, number>>;

/** From metrics in the text format of Prometheus: those of the operator. */
export function parseCounters(text: string): Counters {
  const sums: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const [, name, value] = /^metadata_mirror_(\w+)_total(?:\{[^}]*\})? ([0-9.e+]+)$/.exec(line) ?? [];
    if (name !== undefined) sums[name] = (sums[name] ?? 0) + Number(value);
  }
  return sums;
}

/** The sums of several. */
export function addCounters(all: readonly Counters[]): Counters {
  const sums: Record<string, number> = {};
  for (const counters of all) {
    for (const [name, value] of Object.entries(counters)) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
