/**
 * What no operator in Node.js can start sooner than: receives all pods as Metadata Mirror does, and once it has them makes the ConfigMaps, both
 * in protobuf. It keeps nothing, looks at nothing that is there, and watches nothing: the least that shows all pods. In JavaScript: a reader of
 * types would count as well.
 */
import { Agent, request } from "node:https";
import process from "node:process";
import { firstState } from "../first-state.mjs";
import { configMap } from "./config-map.mjs";
import { lineOf } from "./line.mjs";

const env = process.env;
const perShard = Number(env.BENCH_PEERS_PER_SHARD);
const protobuf = "application/vnd.kubernetes.protobuf";
const headers = { authorization: `Bearer ${env.BENCH_TOKEN}`, accept: protobuf };
const ca = env.BENCH_CA;
/** As many connections as the operator writes over. */
const writers = new Agent({ ca, keepAlive: true, maxSockets: 8 });

function create(namespace, name, file) {
  const body = configMap(name, file);
  const url = `${env.BENCH_SERVER}/api/v1/namespaces/${namespace}/configmaps`;
  const more = { "content-type": protobuf, "content-length": body.length };
  request(url, { agent: writers, method: "POST", headers: { ...headers, ...more } }, (response) => {
    if (response.statusCode !== 201) throw new Error(`POST ${name}: HTTP ${response.statusCode}`);
    response.resume();
  }).end(body);
}

/** The lines of each namespace, in the order in which they came. */
const lines = new Map();

function createAll() {
  for (const [namespace, all] of lines) {
    for (let index = 0; index * perShard < all.length; index++) {
      const name = index === 0 ? env.BENCH_CONFIG_MAP : `${env.BENCH_CONFIG_MAP}-${index}`;
      create(namespace, name, all.slice(index * perShard, (index + 1) * perShard).join("\n"));
    }
  }
}

function hear(event) {
  if (event === undefined) {
    createAll();
    return;
  }
  const { namespace, line } = event;
  if (!lines.has(namespace)) lines.set(namespace, []);
  lines.get(namespace).push(line);
}

request(
  `${env.BENCH_SERVER}/api/v1/pods?${firstState(env.BENCH_APP)}`,
  { agent: new Agent({ ca }), headers },
  (response) => {
    if (response.statusCode !== 200) throw new Error(`list of pods: HTTP ${response.statusCode}`);
    let rest = Buffer.alloc(0);
    response.on("data", (chunk) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (bytes.length - at >= 4) {
        const last = at + 4 + bytes.readUInt32BE(at);
        if (last > bytes.length) break;
        hear(lineOf(bytes, at + 4, last));
        at = last;
      }
      rest = bytes.subarray(at);
    });
  },
).end();
