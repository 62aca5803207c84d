import { join } from "node:path";
import type { Contestant } from "./contestant.ts";
import { imageEnv, operatorNodeFlags } from "./metadata-mirror.ts";
import { run } from "./running.ts";

const watches = join(import.meta.dirname, "../../peers/node-watches/main.mjs");

const prepare = () => Promise.resolve();

/** What Node.js takes that does nothing. */
export const nodeAlone: Contestant = {
  id: "node",
  name: "Node.js alone",
  prepare,
  start: ({ logPath }, { node }) => run({ file: node, args: ["-e", "setInterval(() => {}, 1e9)"], env: {} }, logPath),
};

/** What Node.js takes that watches as the operator does, with the flags of its image, and drops what comes: the least that an operator in it can take. */
export const nodeWatches: Contestant = {
  id: "node-watches",
  name: "Node.js, watches alone",
  prepare,
  start({ login: { server, ca, token }, logPath }, { node }) {
    const env = { ...imageEnv, BENCH_SERVER: server, BENCH_CA: ca, BENCH_TOKEN: token };
    return run({ file: node, args: [...operatorNodeFlags, watches], env }, logPath);
  },
};
