/**
 * What no operator in Node.js can start sooner than: the stream of all pods that Metadata Mirror begins with, asked for in the same way, what
 * comes dropped unread. It writes when the server has said that those were all, and goes on. It does nothing of the job. In JavaScript: a
 * reader of types would count as well.
 */
import { Agent, request } from "node:https";
import process from "node:process";
import { firstState } from "../first-state.mjs";

const { BENCH_SERVER: server, BENCH_TOKEN: token, BENCH_CA: ca, BENCH_APP: app } = process.env;

/** An annotation of the bookmark that ends the first state: KEP-3157. */
const mark = Buffer.from("k8s.io/initial-events-end");
const headers = { authorization: `Bearer ${token}`, accept: "application/vnd.kubernetes.protobuf,application/json" };
request(`${server}/api/v1/pods?${firstState(app)}`, { agent: new Agent({ ca }), headers }, (response) => {
  if (response.statusCode !== 200) throw new Error(`list of pods: HTTP ${response.statusCode}`);
  let before = Buffer.alloc(0);
  response.on("data", (chunk) => {
    // the mark may be cut in two
    if (chunk.includes(mark) || Buffer.concat([before, chunk.subarray(0, mark.length)]).includes(mark)) {
      process.stdout.write(`${JSON.stringify({ listedAt: performance.timeOrigin + performance.now() })}\n`);
    }
    before = chunk.subarray(-mark.length);
  });
}).end();
