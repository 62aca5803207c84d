import type { Mismatch } from "./check/content-faults.ts";
import { watchDisclosure } from "./check/disclosure.ts";
import { createActor } from "./cluster/actor.ts";
import { areReady, type Cluster, type ClusterOptions, startCluster } from "./cluster/cluster.ts";
import { addCounters } from "./cluster/counters.ts";
import { createDisturber } from "./cluster/disturber.ts";
import { look } from "./cluster/look.ts";
import { createSurely } from "./cluster/surely.ts";
import { countWrites } from "./cluster/write-counter.ts";
import type { Outcome } from "./outcome.ts";
import { quietPoint } from "./quiet-point.ts";
import { createTally } from "./tally.ts";
import { describeDisturbance, type Disturbance } from "./schedule/disturbance.ts";
import { recoveryMs } from "./schedule/recovery.ts";
import { type Entry, isCalm, schedule } from "./schedule/schedule.ts";
import { describeChange } from "./world/change.ts";
import { after, emptyWorld } from "./world/world.ts";

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
  return await carryOn(cluster, options);
}

async function carryOn(cluster: Cluster, options: SoakOptions): Promise<Outcome> {
  const { client, controlPlane, replicas } = cluster;
  const { host, stage, seed, slow, forMs, rate } = options;
  const { clock, signal } = host;
  const { namespaces } = stage;
  const surely = createSurely(clock, signal);
  const actor = createActor(client, namespaces, surely);
  const disturber = createDisturber({ host, controlPlane, replicas });
  const disclosure = watchDisclosure();
  await using writes = countWrites(client, namespaces);
  const tally = createTally();
  const begun = clock.monotonic();
  let world = emptyWorld(stage.nodes);
  let round = 1;
  let disturbances: Disturbance[] = [];

  async function quiet(): Promise<readonly Mismatch[]> {
    host.progress({ round, phase: "quiet", ...tally.now() });
    await disturber.settle();
    const withinMs = recoveryMs(disturbances);
    const point = await quietPoint({
      client,
      clock,
      surely,
      namespaces,
      withinMs,
      world,
      written: actor.written,
      signal,
    });
    tally.quiet(point.recoveredMs, isCalm(round));
    const crashes = replicas.flatMap((replica) => replica.crashes.map((what) => ({ object: replica.name, what })));
    const unready = (await areReady(replicas)) ? [] : [{ object: "replicas", what: "not all are ready and alive" }];
    for (const replica of replicas) await replica.counters();
    disturbances = [];
    disclosure.reset();
    round += 1;
    return [...point.mismatches, ...crashes, ...unready];
  }

  async function take(entry: Entry): Promise<readonly Mismatch[]> {
    switch (entry.type) {
      case "change":
        tally.change(entry.step, entry.change);
        await actor.carryOut(entry.change).catch((cause: unknown) => {
          throw new Error(`step ${entry.step}, ${describeChange(entry.change)}: ${String(cause)}`, { cause });
        });
        world = after(world, entry.change);
        return [];
      case "disturbance":
        tally.note(entry.step, describeDisturbance(entry.disturbance));
        if (disturber.begin(entry.disturbance)) disturbances.push(entry.disturbance);
        return [];
      case "quiet":
        return quiet();
    }
  }

  /** Once a second, while nothing is wrong. */
  let looked = begun;
  async function lookOut(): Promise<readonly Mismatch[]> {
    if (!isCalm(round) || clock.monotonic() - looked < 1_000) return [];
    looked = clock.monotonic();
    return disclosure.look(looked, world, await look(client, namespaces));
  }

  let mismatches: readonly Mismatch[] = [];
  let due = begun;
  for (const entry of schedule({ seed, stage, replicas: replicas.length, slow })) {
    const isOver = clock.monotonic() - begun >= forMs || tally.steps >= options.steps;
    mismatches = isOver ? await quiet() : [...(await take(entry)), ...(await lookOut())];
    signal.throwIfAborted();
    if (isOver || mismatches.length > 0) break;
    host.progress({ round, phase: isCalm(round) ? "calm" : "disturbed", ...tally.now() });
    due = Math.max(due + 1_000 / rate, clock.monotonic() - 1_000);
    await clock.sleep(Math.max(0, due - clock.monotonic()), signal);
  }
  const counters = addCounters(await Promise.all(replicas.map((replica) => replica.counters())));
  return {
    seed,
    replicas: replicas.length,
    shards: options.shards,
    slow,
    seconds: (clock.monotonic() - begun) / 1_000,
    disturbances: Object.fromEntries(disturber.counts),
    versions: writes.versions,
    counters,
    mismatches,
    ...tally.summary(),
  };
}
