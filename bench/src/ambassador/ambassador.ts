import { type ControlPlane, startControlPlane } from "@metadata-mirror/control-plane";
import { ambassador, type Contestant, direct, kubectlProxy, type Surroundings } from "./contestant.ts";
import { type Load, type LoadResult, openLoad } from "./load.ts";
import { inOrderOf } from "../rounds.ts";
import type { Spread } from "../spread.ts";
import { table } from "../table.ts";
import { ratios, type Summary, summarise } from "./summary.ts";

export interface AmbassadorBenchOptions extends Omit<Surroundings, "controlPlane"> {
  readonly rounds: number;
  /** How long each contestant is under load in each round, in milliseconds. */
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** In how many turns a contestant gets its time of a round: the more, the more equally all meet with what else the machine does. */
const turns = 10;

/** One request after the other, and many at once. */
const levels = [1, 16] as const;

/** A small object: what there is to forward is a few hundred bytes. */
const path = "/api/v1/namespaces/default";

/** What the ambassador has to reach, as ratios to kubectl proxy: latencies at most, throughput at least. */
const goals = { p50: 1.25, p99: 1.25, throughput: 0.8 } as const;

/** The figures of one level, by contestant; `ratio` is the ambassador's to kubectl proxy's. */
export interface LevelResult {
  readonly connections: number;
  readonly contestants: Readonly<Record<string, Summary>>;
  readonly ratio: Summary;
}

/**
 * Measures small GETs on kept-alive connections through the ambassador and through kubectl proxy, and directly, against a real API
 * server on loopback. They take turns within each round, beginning with another one each time.
 */
export async function benchAmbassador(options: AmbassadorBenchOptions): Promise<readonly LevelResult[]> {
  const { env, report, signal } = options;
  await using controlPlane: ControlPlane = await startControlPlane({ env, report, signal });
  const surroundings = { ...options, controlPlane };
  await using stack = new AsyncDisposableStack();
  const contestants = [
    stack.use(await ambassador(surroundings)),
    stack.use(await kubectlProxy(surroundings)),
    stack.use(direct(surroundings)),
  ];
  const results: LevelResult[] = [];
  for (const connections of levels) results.push(await level(contestants, connections, options));
  return results;
}

async function level(
  contestants: readonly Contestant[],
  connections: number,
  { rounds, durationMs, report, signal }: AmbassadorBenchOptions,
): Promise<LevelResult> {
  await using stack = new AsyncDisposableStack();
  const loads: { readonly name: string; readonly load: Load; readonly results: LoadResult[] }[] = [];
  for (const { name, target } of contestants) {
    loads.push({ name, load: stack.use(await openLoad(target(path), connections)), results: [] });
  }
  // the first round warms up, and doesn't count
  for (let round = 0; round <= rounds; round++) {
    report(`${connections} at once: round ${round} of ${rounds}`);
    for (let turn = 0; turn < turns; turn++) {
      for (const { load } of inOrderOf(loads, turn)) {
        signal.throwIfAborted();
        await load.run(durationMs / turns);
      }
    }
    for (const { load, results } of loads) {
      const result = load.take();
      if (round > 0) results.push(result);
    }
  }
  const of = (wanted: string): readonly LoadResult[] => loads.find(({ name }) => name === wanted)?.results ?? [];
  return {
    connections,
    contestants: Object.fromEntries(loads.map(({ name, results }) => [name, summarise(results)])),
    ratio: ratios(of("ambassador"), of("kubectl proxy")),
  };
}

/** The goals that were missed, a line each. */
export function missed(results: readonly LevelResult[]): readonly string[] {
  return results.flatMap(({ connections, ratio }) =>
    Object.entries(goals).flatMap(([name, goal]) => {
      const { median } = ratio[name as keyof typeof goals];
      const isMet = name === "throughput" ? median >= goal : median <= goal;
      return isMet ? [] : [`${name} at ${connections} at once is ${median.toFixed(2)} × kubectl proxy's, not ${goal}`];
    }),
  );
}

/** The figures for a person: medians of all rounds, with the least and the most. */
export function describe(results: readonly LevelResult[]): string {
  const header = ["", "p50, µs", "p99, µs", "requests/s"];
  const texts = results.map(({ connections, contestants, ratio }) => {
    const rows = Object.entries(contestants).map(([name, summary]) => [name, ...cells(summary, 0)]);
    const compared = ["ambassador ÷ kubectl proxy", ...cells(ratio, 2)];
    return `${connections} at once\n${table([header, ...rows, compared])}`;
  });
  return texts.join("\n");
}

function cells({ p50, p99, throughput }: Summary, digits: number): readonly string[] {
  const cell = ({ median, least, most }: Spread): string =>
    `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
  return [cell(p50), cell(p99), cell(throughput)];
}
