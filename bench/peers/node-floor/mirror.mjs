import { createShard } from "./shard.mjs";

/** Tells the shards what the watch says. Until the first state is complete nothing is written. */
export async function createMirror({ api, configMap, perShard }) {
  const nameOf = (number) => (number === 0 ? configMap : `${configMap}-${number}`);
  const shardOf = new Map();
  const counts = [];
  const shards = [];
  /** What the ConfigMaps hold at the start, by pod: what is the same is not written. */
  let found = new Map();
  /** The pods of the first state of a watch; undefined once it is complete. */
  let seen = new Set();

  function shardAt(number, exists = false) {
    shards[number] ??= createShard(api, nameOf(number), exists);
    return shards[number];
  }

  function put(pod, number) {
    shardOf.set(pod, number);
    counts[number] = (counts[number] ?? 0) + 1;
  }

  function place(pod) {
    if (!shardOf.has(pod)) {
      let number = 0;
      while (perShard > 0 && (counts[number] ?? 0) >= perShard) number++;
      put(pod, number);
    }
    return shardOf.get(pod);
  }

  function tell(number, pod, line) {
    const shard = shardAt(number);
    shard.set(pod, line);
    if (seen === undefined) void shard.wake();
  }

  function remove(pod) {
    const number = shardOf.get(pod);
    if (number === undefined) return;
    shardOf.delete(pod);
    counts[number]--;
    tell(number, pod, null);
  }

  const { items } = await api.send("GET", "/configmaps");
  for (const { metadata, data = {} } of items) {
    const number = metadata.name === configMap ? 0 : Number(metadata.name.slice(configMap.length + 1));
    if (metadata.name !== nameOf(number)) continue;
    shardAt(number, true);
    for (const [pod, line] of Object.entries(data)) {
      put(pod, number);
      found.set(pod, line);
    }
  }

  return {
    apply(pod) {
      const { metadata, status } = pod;
      const { name } = metadata;
      if (status.phase !== "Running" || metadata.deletionTimestamp !== undefined) return remove(name);
      seen?.add(name);
      const number = place(name);
      const line = lineOf(pod);
      if (found?.get(name) !== line) tell(number, name, line);
    },
    remove: ({ metadata }) => remove(metadata.name),
    /** The watch has shown the first state: what it didn't show is gone, and all shards may go. */
    complete() {
      const there = seen ?? new Set(shardOf.keys());
      seen = undefined;
      found = undefined;
      for (const pod of shardOf.keys()) if (!there.has(pod)) remove(pod);
      for (const shard of shards) void shard?.wake();
    },
    /** A watch begins anew. */
    restart: () => void (seen = new Set()),
  };
}

/** What is told of a pod: the same members in the same order as every contestant's. */
function lineOf({ metadata, spec, status }) {
  const { name, uid, labels, annotations } = metadata;
  return JSON.stringify({
    _id: uid.slice(0, 10),
    name,
    uid,
    podIP: status.podIP,
    hostIP: status.hostIP,
    nodeName: spec.nodeName,
    labels,
    seq: annotations["bench/seq"],
    note: annotations["bench/note"],
  });
}
