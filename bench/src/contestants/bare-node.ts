import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
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
  async start({ kubeconfigPath, logPath }, { node }) {
    const config = parse(await readFile(kubeconfigPath, "utf8")) as Kubeconfig;
    const { server, "certificate-authority-data": ca } = config.clusters[0].cluster;
    const env = {
      ...imageEnv,
      BENCH_SERVER: server,
      BENCH_CA: Buffer.from(ca, "base64").toString(),
      BENCH_TOKEN: config.users[0].user.token,
    };
    return run({ file: node, args: [...operatorNodeFlags, watches], env }, logPath);
  },
};

/** Of a kubeconfig of the control plane, which has one cluster and one user. */
interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } },
  ];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}
