import { ratio } from "./report/cells.ts";
import type { ContestantResult, FigureName, WorkloadResult } from "./result.ts";
import { median } from "./spread.ts";

/** What a figure of the operator has to reach. */
export interface Goal {
  readonly workload: string;
  readonly case: string;
  readonly figure: FigureName;
  /** What it is divided by: another contestant's figure of the same round, or the operator's own in another case. None: it counts as it is. */
  readonly against?: { readonly contestant?: string; readonly case?: string };
  /** Of a ratio as it is, of a figure as the result has it: milliseconds, bytes. */
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
  /** What keeps the operator from it where it is missed: a sentence for the docs. */
  readonly limit?: string;
}

const cr = { contestant: "cr" };
const crTransform = { contestant: "cr-transform" };
const crShards = { contestant: "cr-shards" };

/** Within 15 % of the same run with only the 200 selected pods in the cluster. */
const alone = { against: { case: "200" }, bound: { atMost: 1.15 } };

/** All goals there are, in the order of the workloads. Of 1,000 mirrors over 3 replicas 267 and 400 are 20 % from even. */
export const goals: readonly Goal[] = [
  {
    workload: "w1",
    case: "200",
    figure: "p50",
    against: cr,
    bound: { atMost: 0.5 },
    limit:
      "The way through the API server: the floors, in Go and in Node.js, have nothing but that way to go and take as long.",
  },
  {
    workload: "w1",
    case: "200",
    figure: "p99",
    against: cr,
    bound: { atMost: 0.5 },
    limit:
      "As p50. Of 100 changes it's the second slowest, which differs by a half from round to round, for the floors too.",
  },
  {
    workload: "w2",
    case: "2000",
    figure: "p50",
    against: cr,
    bound: { atMost: 0.05 },
    limit:
      "The way through the API server, with both cores at work: the floors, which have nothing but that way to go, take as long.",
  },
  {
    workload: "w2",
    case: "2000",
    figure: "p99",
    against: cr,
    bound: { atMost: 0.08 },
    limit:
      "As p50: the floor in Go is just within it, the one in Node.js isn't. The operator's is another by a half from round to round.",
  },
  {
    workload: "w2",
    case: "2000",
    figure: "p50",
    against: crShards,
    bound: { atMost: 0.3 },
    limit:
      "With shards that contestant waits for little but the API server too: the floors aren't faster than it by more than a fifth, so nothing can take 0.3 times as long.",
  },
  { workload: "w2", case: "2000", figure: "p99", against: crShards, bound: { atMost: 0.3 }, limit: "As p50." },
  {
    workload: "w2",
    case: "2000",
    figure: "stored",
    against: cr,
    bound: { atMost: 0.2 },
    limit:
      "controller-runtime with one object falls behind and writes once for several changes; the operator writes each change. Whoever does so with such shards stores as much: the floor, and controller-runtime with shards.",
  },
  {
    workload: "w2",
    case: "2000",
    figure: "ownCpu",
    against: cr,
    bound: { atMost: 0.12 },
    limit:
      "A write for each change, four times as many as controller-runtime does here. The floor in Node.js, which keeps nothing and sends one line where the operator sends a shard, takes most of the goal by itself. By a profile the operator's time is spread: garbage and planning before all, then reading watches, sending, receiving, statuses and the log.",
  },
  {
    workload: "w2",
    case: "2000",
    figure: "serversCpu",
    against: cr,
    bound: { atMost: 0.75 },
    limit:
      "The load itself is a half and more of the goal, and of all who write each change the operator costs the servers the least.",
  },
  {
    workload: "w3",
    case: "10000",
    figure: "seconds",
    against: cr,
    bound: { atMost: 0.6 },
    limit:
      "Node.js that receives the pods and makes the ConfigMaps, and nothing else of the job, takes longer than that by itself: see the table. The operator also loads a program, reads what the mirrors are and what is there already before it can ask for pods, and then keeps 10,000 of them, projects and places them: it has all of one processor while the servers have the other, where controller-runtime works with more than one. By a profile no part stands out: garbage takes an eighth, and reading protobuf, and rendering and placing, a tenth each, or so.",
  },
  { workload: "w3", case: "10000", figure: "peakRss", against: cr, bound: { atMost: 0.45 } },
  { workload: "w3", case: "10000", figure: "peakRss", against: crTransform, bound: { atMost: 1 } },
  { workload: "w4", case: "2000", figure: "idleWrites", bound: { atMost: 0 } },
  {
    workload: "w4",
    case: "2000",
    figure: "ready",
    against: cr,
    bound: { atMost: 0.5 },
    limit:
      "The floor in Node.js, which loads next to nothing, keeps nothing and writes one line, doesn't reach it either.",
  },
  { workload: "w5", case: "20000", figure: "rss", ...alone },
  { workload: "w5", case: "20000", figure: "ownCpu", ...alone },
  { workload: "w6", case: "1", figure: "p99", bound: { atMost: 100 } },
  {
    workload: "w6",
    case: "3",
    figure: "p99",
    bound: { atMost: 100 },
    limit: "Three replicas, an API server and the bench on two cores: with one replica it is met.",
  },
  { workload: "w6", case: "3", figure: "mirrorsLeast", bound: { atLeast: 267 } },
  { workload: "w6", case: "3", figure: "mirrorsMost", bound: { atMost: 400 } },
  {
    workload: "w6",
    case: "3",
    figure: "takeover",
    bound: { atMost: 17 },
    limit:
      "A Lease expires after 15 s. Then its shard is taken, and a third of the mirrors is planned for the first time and written, by two replicas, an API server and etcd on two cores: on a slow machine these work for seconds, see the last column.",
  },
  { workload: "w7", case: "200", figure: "corePercent", bound: { atMost: 0.5 } },
  { workload: "w7", case: "200", figure: "idleWrites", bound: { atMost: 0 } },
  {
    workload: "w7",
    case: "200",
    figure: "rss",
    bound: { atMost: 75e6 },
    limit:
      "Most of it is pages of program files, nearly all of Node.js itself, which the system may drop and processes share: see the table. What a Node.js that only watches has beside its files, and the files' pages that the operator uses, are more than the goal together.",
  },
  {
    workload: "w8",
    case: "50000",
    figure: "rssPerPod",
    bound: { atMost: 2_000 },
    limit:
      "The records of 50,000 pods and their rendered lines are some 1.7 KB each in the heap; what the heap has beyond, and how much of it V8 could give back, was not looked into to the end.",
  },
  {
    workload: "w8",
    case: "50000",
    figure: "seconds",
    bound: { atMost: 5 },
    limit:
      "What the servers take for the list and the writes alone, and what the operator takes, is together more than two cores have in that time: see the table. Node.js that receives the pods and makes the ConfigMaps, and nothing else of the job, takes four fifths of the operator's time. By a profile a fifth of the operator's is garbage, an eighth reading protobuf, another one rendering and placing; the rest is spread.",
  },
];

/** Whether a goal is met. */
export interface Verdict {
  readonly goal: Goal;
  /** The ratio, or the figure itself: the median of all rounds. Undefined where all turns of the operator failed. */
  readonly value: number | undefined;
  readonly met: boolean;
}

/** The operator's id. */
const operator = "metadata-mirror";

/**
 * Judges the goals of a workload that can be told from the result: those of other cases, or without the contestant that they compare
 * with, are left out. A goal is missed too where a turn of the operator failed or ran into a deadline.
 */
export function judge(result: WorkloadResult, among: readonly Goal[] = goals): readonly Verdict[] {
  return among.filter(({ workload }) => workload === result.id).flatMap((goal) => verdictOf(goal, result) ?? []);
}

function verdictOf(goal: Goal, result: WorkloadResult): Verdict | undefined {
  const { figure, against, bound } = goal;
  const own = find(result, goal.case, operator);
  if (own === undefined) return undefined;
  const values = own.runs.flatMap(({ figures }) => figures[figure] ?? []);
  if (values.length === 0) return { goal, value: undefined, met: false };
  const base = against && find(result, against.case ?? goal.case, against.contestant ?? operator);
  const value = against === undefined ? median(values) : ratio(own, base, figure);
  if (value === undefined) return undefined;
  const isWithin = "atMost" in bound ? value <= bound.atMost : value >= bound.atLeast;
  const isCut = own.runs.some(({ figures, beyond }) => figures[figure] === undefined || beyond?.includes(figure));
  return { goal, value, met: isWithin && !isCut };
}

function find({ cases }: WorkloadResult, inCase: string, contestant: string): ContestantResult | undefined {
  return cases.find(({ id }) => id === inCase)?.contestants.find(({ id }) => id === contestant);
}
