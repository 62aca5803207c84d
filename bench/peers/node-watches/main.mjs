/**
 * What no operator in Node.js can be below: as many watches as Metadata Mirror has, each over a connection of its own, what comes dropped
 * unread, and a port for probes. It does nothing of the job. In JavaScript: a reader of types would count as well.
 */
import { createServer } from "node:http";
import { Agent, request } from "node:https";
import process from "node:process";

const { BENCH_SERVER: server, BENCH_TOKEN: token, BENCH_CA: ca } = process.env;

/** Mirrors, grants, ConfigMaps, nodes, pods and Leases. */
const paths = [
  "/apis/metadatamirror.dev/v1alpha1/metadatamirrors",
  "/apis/metadatamirror.dev/v1alpha1/metadatagrants",
  "/api/v1/configmaps",
  "/api/v1/nodes",
  "/api/v1/pods",
  "/apis/coordination.k8s.io/v1/leases",
];
const agent = new Agent({ ca });
for (const path of paths) {
  const headers = { authorization: `Bearer ${token}` };
  request(`${server}${path}?watch=true&allowWatchBookmarks=true`, { agent, headers }, (response) => {
    if (response.statusCode !== 200) throw new Error(`watch ${path}: HTTP ${response.statusCode}`);
    response.resume();
  }).end();
}
createServer((_, response) => response.end("ok\n")).listen(0);
