import { barChart, cdfChart } from "@metadata-mirror/figures";
import { type Case, type ContestantResult, type FigureName, figures, type WorkloadResult } from "../result.ts";
import { ratio } from "./cells.ts";

/** Who is in the plots, in the order of their colours: there are four. */
const names: ReadonlyMap<string, string> = new Map([
  ["metadata-mirror", "Metadata Mirror"],
  ["cr", "controller-runtime"],
  ["cr-shards", "with shards"],
  ["floor", "floor"],
]);

/** How a workload is drawn: an SVG, or undefined where the result has nothing to draw. */
type Plot = (result: WorkloadResult) => string | undefined;

const plots: Readonly<Record<string, Plot>> = {
  w1: changes("Single changes: how many are in the ConfigMap after how long"),
  w2: changes("50 changes a second: how many are in the ConfigMap after how long"),
  w3: relative("Cold start with 10,000 pods, relative to controller-runtime", "10000", [
    "seconds",
    "peakRss",
    "ownCpu",
    "serversCpu",
  ]),
  w4: relative("Restart with 2,000 pods, relative to controller-runtime", "2000", ["ready", "received"]),
  w5: needle,
  w6: replicas,
};

/** The plot of a workload; undefined where there is none of it. */
export function plotOf(result: WorkloadResult): string | undefined {
  return plots[result.id]?.(result);
}

/** The contestants of the plots that a case has, each with its short name. */
function drawn({ contestants }: Case): readonly (readonly [string, ContestantResult])[] {
  return [...names].flatMap(([id, name]) => {
    const found = contestants.find((contestant) => contestant.id === id);
    return found ? [[name, found] as const] : [];
  });
}

function latenciesOf({ runs }: ContestantResult): readonly number[] {
  return runs.flatMap(({ latencies = [] }) => latencies);
}

function cdf(title: string, all: readonly { readonly name: string; readonly values: readonly number[] }[]) {
  const samples = all.filter(({ values }) => values.length > 0);
  if (samples.length === 0) return undefined;
  const most = Math.max(...samples.flatMap(({ values }) => values));
  const max = 10 ** Math.ceil(Math.log10(most));
  const label = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`);
  return cdfChart({
    title,
    of: "changes",
    x: { name: "from a pod's change to the ConfigMap", scale: "log", min: 1, max, label },
    samples,
  });
}

function changes(title: string): Plot {
  return ({ cases: [given] }) =>
    given &&
    cdf(
      title,
      drawn(given).map(([name, result]) => ({ name, values: latenciesOf(result) })),
    );
}

/** W6: one replica and several. */
function replicas({ cases }: WorkloadResult): string | undefined {
  const samples = cases.flatMap(({ title, contestants }) => {
    const own = contestants.find(({ id }) => id === "metadata-mirror");
    return own ? [{ name: title, values: latenciesOf(own) }] : [];
  });
  return cdf("1,000 mirrors: how many changes are in all ConfigMaps after how long", samples);
}

/** Figures of one case beside controller-runtime's. */
function relative(title: string, caseId: string, wanted: readonly FigureName[]): Plot {
  return ({ cases }) => {
    const given = cases.find(({ id }) => id === caseId);
    const cr = given?.contestants.find(({ id }) => id === "cr");
    if (given === undefined || cr === undefined) return undefined;
    return bars(
      title,
      "÷ controller-runtime",
      wanted,
      drawn(given).map(([name, result]) => [name, (figure) => ratio(result, cr, figure)]),
    );
  };
}

/** W5: figures with the pods that nobody selects beside those without. */
function needle({ cases: [alone, crowded] }: WorkloadResult): string | undefined {
  if (alone === undefined || crowded === undefined) return undefined;
  const without = new Map(drawn(alone));
  return bars(
    "200 pods selected of 20,000, relative to a cluster with only the 200",
    "÷ with 200 pods only",
    ["rss", "ownCpu", "serversCpu"],
    drawn(crowded).map(([name, result]) => [name, (figure) => ratio(result, without.get(name), figure)]),
  );
}

/** Bars of ratios: of the figures that all have. */
function bars(
  title: string,
  y: string,
  wanted: readonly FigureName[],
  among: readonly (readonly [string, (figure: FigureName) => number | undefined])[],
): string | undefined {
  const had = wanted.filter((figure) => among.every(([, of]) => of(figure) !== undefined));
  if (had.length === 0) return undefined;
  return barChart({
    title,
    groups: had.map((figure) => figures[figure].label.replace(/, [^,]+$/, "")),
    y: { name: y },
    bars: among.map(([name, of]) => ({ name, values: had.map((figure) => Number((of(figure) ?? 0).toFixed(3))) })),
  });
}
