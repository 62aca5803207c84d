/**
 * The floor in Node.js: what `peers/floor` does in Go, with nothing but what Node.js brings along. One raw watch, one merge patch in flight for
 * each ConfigMap, no store, JSON. What an operator in Node.js takes beyond this is its own doing. In JavaScript: a reader of types would
 * count as well.
 */
import process from "node:process";
import { firstState } from "../first-state.mjs";
import { createApi } from "./api.mjs";
import { createMirror } from "./mirror.mjs";

const env = process.env;
const api = createApi({
  server: env.BENCH_SERVER,
  ca: env.BENCH_CA,
  token: env.BENCH_TOKEN,
  namespace: env.BENCH_NAMESPACE,
});
const mirror = await createMirror({
  api,
  configMap: env.BENCH_CONFIG_MAP,
  perShard: Number(env.BENCH_PEERS_PER_SHARD),
});
const query = firstState(env.BENCH_APP);

function hear({ type, object }) {
  if (type === "ADDED" || type === "MODIFIED") mirror.apply(object);
  else if (type === "DELETED") mirror.remove(object);
  else if (type === "ERROR") throw new Error(`the watch of pods ended by an error: ${object.message}`);
  else if (object.metadata.annotations?.["k8s.io/initial-events-end"] === "true") mirror.complete();
}

// the server ends a watch after half an hour or more
for (;;) {
  const response = await api.open("GET", `/pods?${query}`);
  let rest = "";
  for await (const chunk of response.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) hear(JSON.parse(line));
  }
  mirror.restart();
}
