import { quantile } from "@metadata-mirror/figures";

/** What the kubelet has used of the processor in a while, both in milliseconds. */
export interface Spent {
  readonly cpuMs: number;
  readonly tookMs: number;
}

/** What was measured of one number of shards in one round. */
export interface Turn {
  readonly shards: number;
  /** Of each change: from its sending to the file, in milliseconds. */
  readonly fileMs: readonly number[];
  readonly changed: Spent;
  /** As many looks as there were changes. */
  readonly looked: Spent;
  readonly rested: Spent;
  /** The object that each change rewrites, as JSON. */
  readonly shardBytes: number;
}

/** What a number of shards costs; milliseconds of the kubelet's processor time, beyond what it takes at rest. */
export interface Cost {
  readonly shards: number;
  /** One peer's change, until it is in the pod's files. A median. */
  readonly cpuPerChangeMs: number;
  /** A look at the pod that finds nothing changed, which the kubelet takes every 60 to 90 s by itself. A median. */
  readonly cpuPerLookMs: number;
  /** From sending the peer's change to its file. */
  readonly fileP50Ms: number;
  readonly fileMaxMs: number;
  /** The object that each change rewrites, as JSON. A median. */
  readonly shardBytes: number;
}

export interface Summary {
  /** What the kubelet takes at rest: milliseconds of processor time a second. A median. */
  readonly restPerSecondMs: number;
  /** In the order in which the numbers of shards first came. */
  readonly costs: readonly Cost[];
}

/** Summarises the turns of all rounds. */
export function summarise(turns: readonly Turn[]): Summary {
  const median = (values: readonly number[]) => quantile(values, 0.5);
  const restPerSecondMs = median(turns.map(({ rested }) => (1_000 * rested.cpuMs) / rested.tookMs));
  const beyondRest = ({ cpuMs, tookMs }: Spent) => cpuMs - (restPerSecondMs * tookMs) / 1_000;
  const costs = [...Map.groupBy(turns, ({ shards }) => shards)].map(([shards, own]) => {
    const fileMs = own.flatMap((turn) => turn.fileMs);
    return {
      shards,
      cpuPerChangeMs: median(own.map((turn) => beyondRest(turn.changed) / turn.fileMs.length)),
      cpuPerLookMs: median(own.map((turn) => beyondRest(turn.looked) / turn.fileMs.length)),
      fileP50Ms: median(fileMs),
      fileMaxMs: quantile(fileMs, 1),
      shardBytes: median(own.map((turn) => turn.shardBytes)),
    };
  });
  return { restPerSecondMs, costs };
}
