import { join } from "node:path";
import { findBinary, type Program } from "@metadata-mirror/control-plane";
import type { Contestant } from "./contestant.ts";
import { jobEnvironment, peersPerShard } from "./environment.ts";
import { run } from "./running.ts";

interface Variant {
  readonly id: string;
  readonly name: string;
  readonly perShard: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The Go programs of `peers/`, with the seconds and the disk that they take where nothing is cached. */
const floorProgram = goProgram("floor", 30, 0.3);
const controllerRuntimeProgram = goProgram("controller-runtime", 80, 1.2);

function goProgram(name: string, expectedSeconds: number, gigabytes: number): Program {
  const directory = join(import.meta.dirname, "../../peers");
  return {
    name,
    directory,
    package: `./${name}`,
    expectedSeconds,
    neededBytes: gigabytes * 1e9,
    anyVersion: false,
  };
}

function goPeer(program: Program, { id, name, perShard, env = {} }: Variant): Contestant {
  let file: string | undefined;
  return {
    id,
    name,
    async prepare({ env, report, signal }) {
      file = await findBinary(program, { env, report, signal });
    },
    async start(job) {
      if (file === undefined) throw new Error(`${name} has to be prepared before it starts`);
      return run({ file, args: [], env: { ...jobEnvironment(job, perShard), ...env } }, job.logPath);
    },
  };
}

/** The least that does the job, with shards as large as ours. */
export const floor: Contestant = goPeer(floorProgram, { id: "floor", name: "floor", perShard: peersPerShard });

/** controller-runtime: as it comes; with a Transform; and with that and shards as large as ours. */
export const controllerRuntime: readonly Contestant[] = [
  { id: "cr", name: "controller-runtime", perShard: 0 },
  { id: "cr-transform", name: "controller-runtime, Transform", perShard: 0, env: { BENCH_TRANSFORM: "1" } },
  {
    id: "cr-shards",
    name: `controller-runtime, Transform, ${peersPerShard} a shard`,
    perShard: peersPerShard,
    env: { BENCH_TRANSFORM: "1" },
  },
].map((variant) => goPeer(controllerRuntimeProgram, variant));
