/**
 * client-node does the job as its documentation teaches: makeInformer for the pods, whose cache is listed at each add, update and delete, and
 * replaceNamespacedConfigMap (https://kubernetes-client.github.io/javascript/, "Informer", and its examples/typescript/informer). One document is
 * written at a time; the events that come meanwhile share the next.
 */
import process from "node:process";
import { CoreV1Api, KubeConfig, makeInformer, type V1Pod } from "@kubernetes/client-node";

const namespace = required("BENCH_NAMESPACE");
const labelSelector = `app=${required("BENCH_APP")}`;
const configMap = required("BENCH_CONFIG_MAP");
/** 0: all in one ConfigMap. */
const perShard = Number(required("BENCH_PEERS_PER_SHARD"));

const config = new KubeConfig();
config.loadFromDefault();
const api = config.makeApiClient(CoreV1Api);
const listPods = () => api.listNamespacedPod({ namespace, labelSelector });
const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, listPods, labelSelector);

/** By ConfigMap, the documents that are there. */
const written = new Map<string, string>();
let dirty = false;
let writing = false;

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} has to be set`);
  return value;
}

function isPeer({ metadata, status }: V1Pod): boolean {
  return status?.phase === "Running" && metadata?.deletionTimestamp === undefined;
}

function nameOf({ metadata }: V1Pod): string {
  return metadata?.name ?? "";
}

function line({ metadata, spec, status }: V1Pod): string {
  const labels = Object.entries(metadata?.labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({
    _id: metadata?.uid?.slice(0, 10),
    name: metadata?.name,
    uid: metadata?.uid,
    podIP: status?.podIP ?? "",
    hostIP: status?.hostIP ?? "",
    nodeName: spec?.nodeName ?? "",
    labels: Object.fromEntries(labels),
    seq: metadata?.annotations?.["bench/seq"] ?? "",
    note: metadata?.annotations?.["bench/note"] ?? "",
  });
}

/** The ConfigMaps as they should be; what is no longer needed of those that are there becomes empty. */
function documents(): Map<string, string> {
  const pods = informer.list().filter(isPeer);
  const lines = pods.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).map(line);
  const wanted = new Map([...written.keys()].map((name) => [name, ""]));
  const size = perShard || lines.length || 1;
  for (let i = 0; i * size < lines.length; i++) {
    wanted.set(i === 0 ? configMap : `${configMap}-${i}`, lines.slice(i * size, (i + 1) * size).join("\n"));
  }
  return wanted;
}

async function write(name: string, document: string): Promise<void> {
  const body = { metadata: { name }, data: { "peers.json": document } };
  if (written.has(name)) await api.replaceNamespacedConfigMap({ name, namespace, body });
  else await api.createNamespacedConfigMap({ namespace, body });
  written.set(name, document);
}

async function changed(): Promise<void> {
  dirty = true;
  if (writing) return;
  writing = true;
  // a list comes as many adds at once
  await Promise.resolve();
  while (dirty) {
    dirty = false;
    for (const [name, document] of documents()) if (written.get(name) !== document) await write(name, document);
  }
  writing = false;
}

for (const { metadata, data } of (await api.listNamespacedConfigMap({ namespace })).items) {
  const name = metadata?.name ?? "";
  if (name === configMap || name.startsWith(`${configMap}-`)) written.set(name, data?.["peers.json"] ?? "");
}
informer.on("change", () => void changed());
informer.on("error", (error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  setTimeout(() => void informer.start(), 5_000);
});
await informer.start();
