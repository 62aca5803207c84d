import type { ApiError } from "@metadata-mirror/api-client";
import type { Move, WriteProblem } from "@metadata-mirror/metadata-model";
import pLimit from "p-limit";
import type { Job, Outcome } from "./write.ts";

/** A write is held back until then, on the monotonic clock in milliseconds. */
export interface Held {
  readonly type: "held";
  readonly until: number;
}

/** A write may go; where nothing is stored in the end, `undo` takes back what it was charged. */
export interface Admitted {
  readonly type: "admitted";
  readonly undo: () => void;
}

/** A write is not to be done: another that has to come before it is not done, or it is no longer ours to do. */
export interface Untried {
  readonly type: "untried";
}

/** What lets writes go, or holds them back. */
export interface Gate {
  /** Asked just before a write goes, with nothing awaited in between. */
  readonly admit: (job: Job) => Admitted | Held | Untried;
  /** The least goes first, of those whose order doesn't matter otherwise. */
  readonly rank: (job: Job) => number;
}

/** What became of one write of a plan. */
export interface Done {
  readonly job: Job;
  readonly outcome: Outcome | Held | Untried;
}

/** What carrying a plan out came to. */
export interface Writing {
  readonly done: readonly Done[];
  /** How many writes the API server took, and what it stores of them, in bytes. */
  readonly written: number;
  readonly bytes: number;
  readonly problems: readonly WriteProblem[];
  /** The first passing fault: the plan is to be made anew. */
  readonly fault: ApiError | undefined;
  /** When the first write that was held back may go, on the monotonic clock in milliseconds; undefined where none was. */
  readonly heldUntil: number | undefined;
  /** Whether all is done that was to be done. */
  readonly complete: boolean;
}

/** How many ConfigMaps of one mirror are written at once: enough to hide the way to the API server, too few to flood it. */
const parallelWrites = 8;

/**
 * Carries a plan out, as far as `gate` lets it. Shards that take peers over come before those that give them away, which wait for another
 * pass if one of those was not written: a peer is never in neither. Only what `isUrgent` doesn't wait for that: to take back what is no
 * longer granted comes first. Never throws: one shard's fault doesn't stop the others.
 */
export async function writePlan(
  jobs: readonly Job[],
  gate: Gate,
  isUrgent: (job: Job) => boolean = () => false,
): Promise<Writing> {
  const limit = pLimit(parallelWrites);
  const ofMove = (move: Move) =>
    jobs.filter((job) => job.move === move).toSorted((a, b) => gate.rank(a) - gate.rank(b));
  const carryOut = (move: Move, isDue: (job: Job) => boolean = () => true) =>
    Promise.all(ofMove(move).map((job) => limit(() => (isDue(job) ? doJob(job, gate) : untried(job)))));

  const takers = await carryOut("takes");
  const taken = takers.every(({ outcome }) => outcome.type === "written");
  const givers = await carryOut("gives", (job) => taken || isUrgent(job));
  return writingOf([...takers, ...givers, ...(await carryOut("none"))]);
}

const untried = (job: Job): Done => ({ job, outcome: { type: "untried" } });

async function doJob(job: Job, gate: Gate): Promise<Done> {
  const admission = gate.admit(job);
  if (admission.type !== "admitted") return { job, outcome: admission };
  const outcome = await job.run();
  if (outcome.type !== "written") admission.undo();
  return { job, outcome };
}

function writingOf(done: readonly Done[]): Writing {
  const written = done.filter(({ outcome }) => outcome.type === "written");
  const held = done.flatMap(({ outcome }) => (outcome.type === "held" ? [outcome.until] : []));
  return {
    done,
    written: written.length,
    bytes: written.reduce((sum, { job }) => sum + job.bytes, 0),
    problems: done.flatMap(({ outcome }) => (outcome.type === "refused" ? [outcome.problem] : [])),
    fault: done.flatMap(({ outcome }) => (outcome.type === "failed" ? [outcome.fault] : []))[0],
    heldUntil: held.length === 0 ? undefined : Math.min(...held),
    complete: done.every(({ outcome }) => outcome.type === "written" || outcome.type === "gone"),
  };
}
