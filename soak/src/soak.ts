import type { Mismatch } from "./check/content-faults.ts";
import { type Cluster, type ClusterOptions, startCluster } from "./cluster/cluster.ts";
import { addCounters } from "./cluster/counters.ts";
import { countWrites } from "./cluster/write-counter.ts";
import { createCourse } from "./course.ts";
import type { Outcome } from "./outcome.ts";
import { type Entry, isCalm, schedule } from "./schedule/schedule.ts";
import { createTally } from "./tally.ts";

export interface SoakOptions extends ClusterOptions {
  readonly seed: number;
  /** How long it goes on, in milliseconds: a round that has begun by then is cut short, and its quiet point follows. */
  readonly forMs: number;
  /** After how many steps it ends, if not before. */
  readonly steps: number;
  /** Whether there are faults too that take minutes to notice. */
  readonly slow: boolean;
  /** How many steps a second. */
  readonly rate: number;
}

/** Runs one, in a cluster of its own that is gone afterwards. Rejects where the soak itself could not go on. */
export async function soak(options: SoakOptions): Promise<Outcome> {
  await using cluster = await startCluster(options);
  return await runOn(cluster, options);
}

async function runOn(cluster: Cluster, options: SoakOptions): Promise<Outcome> {
  const { client, replicas } = cluster;
  const { host, stage, seed, shards, slow, forMs, steps, rate } = options;
  const { clock, signal } = host;
  await using writes = countWrites(client, stage.namespaces);
  const course = createCourse(cluster, stage, host);
  const tally = createTally();
  const begun = clock.monotonic();
  let round = 1;

  async function rest(): Promise<readonly Mismatch[]> {
    host.progress({ round, phase: "quiet", ...tally.now() });
    const { recoveredMs, mismatches } = await course.rest();
    tally.quiet(recoveredMs, isCalm(round));
    round += 1;
    return mismatches;
  }

  async function take(entry: Entry): Promise<readonly Mismatch[]> {
    if (entry.type === "quiet") return rest();
    if (entry.type === "look") return course.follow();
    tally.note(entry);
    host.progress({ round, phase: isCalm(round) ? "calm" : "disturbed", ...tally.now() });
    if (entry.type === "disturbance") course.disturb(entry.disturbance);
    else await course.change(entry.change);
    return course.lookOut();
  }

  let mismatches: readonly Mismatch[] = [];
  let [due, isAtRest] = [begun, false];
  for (const entry of schedule({ seed, stage, replicas: replicas.length, slow })) {
    if (clock.monotonic() - begun >= forMs || tally.steps >= steps) {
      if (!isAtRest) mismatches = await rest();
      break;
    }
    mismatches = await take(entry);
    signal.throwIfAborted();
    if (mismatches.length > 0) break;
    isAtRest = entry.type === "quiet";
    // what was late is caught up with, within reason
    due = Math.max(due + 1_000 / rate, clock.monotonic() - 1_000);
    await clock.sleep(Math.max(0, due - clock.monotonic()), signal);
  }
  signal.throwIfAborted();
  return {
    seed,
    replicas: replicas.length,
    shards,
    slow,
    seconds: (clock.monotonic() - begun) / 1_000,
    disturbances: Object.fromEntries(course.disturbances),
    versions: writes.versions,
    counters: addCounters(await Promise.all(replicas.map((replica) => replica.counters()))),
    mismatches,
    ...tally.summary(),
  };
}
