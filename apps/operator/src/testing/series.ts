/** The value of one series of the operator's, by its name without `metadata_mirror_` and its labels; undefined where the metrics have none such. */
export function valueOf(series: string, metrics: string): number | undefined {
  const line = metrics.split("\n").find((one) => one.startsWith(`metadata_mirror_${series} `));
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
}
