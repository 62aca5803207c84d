import { join } from "node:path";
import type { Contestant } from "./contestant.ts";
import { jobEnvironment } from "./environment.ts";
import { run } from "./running.ts";

const main = join(import.meta.dirname, "../../peers/client-node/main.ts");

/** The JavaScript client, run by Node.js as it is. */
export const clientNode: Contestant = {
  id: "client-node",
  name: "client-node",
  prepare: () => Promise.resolve(),
  start: (job, { node }) => run({ file: node, args: [main], env: jobEnvironment(job, 0) }, job.logPath),
};
