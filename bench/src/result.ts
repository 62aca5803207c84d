/** What can be measured of a run, with how it is shown. Times are milliseconds, sizes bytes, unless the name says seconds. */
export const figures = {
  p50: { label: "p50, ms", divisor: 1, digits: 1 },
  p99: { label: "p99, ms", divisor: 1, digits: 1 },
  max: { label: "worst, ms", divisor: 1, digits: 1 },
  seconds: { label: "all visible, s", divisor: 1, digits: 2 },
  ready: { label: "start → ready, ms", divisor: 1, digits: 0 },
  ownCpu: { label: "own CPU, s", divisor: 1, digits: 2 },
  serversCpu: { label: "servers' CPU, s", divisor: 1, digits: 2 },
  rss: { label: "RSS, MiB", divisor: 1024 * 1024, digits: 0 },
  filePages: { label: "of that program files, MiB", divisor: 1024 * 1024, digits: 0 },
  peakRss: { label: "peak RSS, MiB", divisor: 1024 * 1024, digits: 0 },
  writes: { label: "writes", divisor: 1, digits: 0 },
  writesPerChange: { label: "writes a change", divisor: 1, digits: 2 },
  idleWrites: { label: "writes, nothing changed", divisor: 1, digits: 0 },
  stored: { label: "stored, MB", divisor: 1e6, digits: 1 },
  requests: { label: "requests", divisor: 1, digits: 0 },
  received: { label: "received, MB", divisor: 1e6, digits: 2 },
  corePercent: { label: "of a core, %", divisor: 1, digits: 2 },
  mirrorsLeast: { label: "mirrors, least", divisor: 1, digits: 0 },
  mirrorsMost: { label: "mirrors, most", divisor: 1, digits: 0 },
  takeover: { label: "taken over in, s", divisor: 1, digits: 1 },
  takeoverBusy: { label: "processor in use meanwhile, %", divisor: 1, digits: 0 },
  rssPerPod: { label: "RSS a pod, bytes", divisor: 1, digits: 0 },
} as const satisfies Readonly<Record<string, FigureStyle>>;

interface FigureStyle {
  readonly label: string;
  readonly divisor: number;
  readonly digits: number;
}

export type FigureName = keyof typeof figures;
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** One contestant's turn in one round. */
export interface Run {
  readonly figures: Figures;
  /** Figures that are only known to be more than this: the deadline came before. */
  readonly beyond?: readonly FigureName[];
  /** Latencies in milliseconds, in order; of many a selection with the least and the worst. */
  readonly latencies?: readonly number[];
  /** Requests of the contestant, by verb and resource. */
  readonly requests?: Readonly<Record<string, number>>;
  /** What else has to be said. */
  readonly note?: string;
  /** Why there are no figures, a sentence or more. */
  readonly failure?: string;
}

/** All turns of a contestant. */
export interface ContestantResult {
  readonly id: string;
  readonly name: string;
  readonly runs: readonly Run[];
}

/** What was measured in one setting of a workload. */
export interface Case {
  readonly id: string;
  readonly title: string;
  readonly contestants: readonly ContestantResult[];
}

/** What it was measured on. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memory: number;
  readonly node: string;
  readonly kubernetes: string;
}

/** All that was measured of a workload: what docs/figures/bench/<id>.json holds. */
export interface WorkloadResult {
  readonly id: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly cases: readonly Case[];
}
