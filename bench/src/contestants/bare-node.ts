import { join } from "node:path";
import type { Contestant, Host, Job } from "./contestant.ts";
import { jobEnvironment, peersPerShard } from "./environment.ts";
import { imageEnv, operatorNodeFlags } from "./metadata-mirror.ts";
import { run } from "./running.ts";

const peers = join(import.meta.dirname, "../../peers");

const prepare = () => Promise.resolve();

/** What a program that reads no kubeconfig is told of the API server. */
function access({ login: { server, ca, token } }: Job): Readonly<Record<string, string>> {
  return { BENCH_SERVER: server, BENCH_CA: ca, BENCH_TOKEN: token };
}

/** Runs a program of peers/ as the operator's image runs the operator. */
function runAsOperator(peer: string, job: Job, { node }: Host, more: Readonly<Record<string, string>> = {}) {
  const args = [...operatorNodeFlags, join(peers, peer, "main.mjs")];
  return run({ file: node, args, env: { ...imageEnv, ...access(job), ...more } }, job.logPath);
}

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
  start: (job, host) => runAsOperator("node-watches", job, host),
};

/** What Node.js takes that receives all pods as the operator does when it starts, and drops them. */
export const nodeList: Contestant = {
  id: "node-list",
  name: "Node.js, the list alone",
  prepare,
  start: (job, host) => runAsOperator("node-list", job, host, { BENCH_APP: job.app }),
};

/** What Node.js takes that receives all pods as the operator does, and makes their ConfigMaps: the least that shows all of them. */
export const nodeStart: Contestant = {
  id: "node-start",
  name: "Node.js, list and writes alone",
  prepare,
  start: (job, host) => runAsOperator("node-start", job, host, jobEnvironment(job, peersPerShard)),
};

/** The least that does the job in Node.js, with shards as large as ours. */
export const nodeFloor: Contestant = {
  id: "node-floor",
  name: "floor in Node.js",
  prepare,
  start(job, { node }) {
    const env = { ...jobEnvironment(job, peersPerShard), ...access(job) };
    return run({ file: node, args: [join(peers, "node-floor/main.mjs")], env }, job.logPath);
  },
};
