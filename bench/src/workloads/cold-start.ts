import type { Case } from "../result.ts";
import { takeTurns } from "../rounds.ts";
import { createWorld, oneMirror } from "../world/world.ts";
import { slow } from "./slow.ts";
import { bareStarts, start } from "./start.ts";
import type { BenchOptions, Workload } from "./workload.ts";

const deadlineMs = 60_000;

/** What an object can hold of such lines is 2,000; who puts all into one gets room to spare. */
const mostPerObject = 1_000;

const mostPodsOfSlow = 5_000;

/** W3: from the start of the process to all pods visible, with nothing written before. */
export const coldStart: Workload = {
  id: "w3",
  title: "cold start: 5,000 and 10,000 pods, nothing written before",
  async run(options) {
    const cases: Case[] = [];
    for (const pods of options.quick ? [1_000] : [5_000, 10_000]) cases.push(await measure(pods, options));
    return cases;
  },
};

async function measure(pods: number, { host, clock, contestants, rounds }: BenchOptions): Promise<Case> {
  await using world = await createWorld(oneMirror(pods), host, clock);
  const able = contestants.filter(({ id }) => pods <= mostPodsOfSlow || !slow.has(id));
  const results = await takeTurns([...bareStarts, ...able], { ...host, rounds, once: slow }, (contestant) =>
    start(world, contestant, { deadlineMs, mostPerObject }),
  );
  return { id: `${pods}`, title: `${pods.toLocaleString("en")} pods`, contestants: results };
}
