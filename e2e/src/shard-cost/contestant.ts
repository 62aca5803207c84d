import { configMaps, pods, resourcePath } from "@metadata-mirror/api-client";
import { type Consumer, startConsumer } from "../evidence/consumer.ts";
import { waitFor } from "../evidence/namespace.ts";
import { change, metadataMirrors, mirrorOf, valueKey } from "../evidence/peer.ts";
import { arrival } from "../evidence/sighting.ts";
import type { Surroundings } from "../evidence/surroundings.ts";

/** The same peers in so and so many shards, and a pod that mounts these. */
export interface Contestant extends AsyncDisposable {
  readonly shards: number;
  /** Changes what this mirror shows of one peer, and no other mirror does; answers how long it took to the file, in milliseconds. */
  readonly change: () => Promise<number>;
  /** Has the kubelet look at the pod, though nothing is there to be found. */
  readonly look: () => Promise<void>;
  /** The size of the shard that {@link Contestant.change} rewrites, as the API server answers it in JSON: bytes. */
  readonly shardBytes: () => Promise<number>;
}

/** The peer whose changes are measured. */
const peer = "peer-1000";
/** How long a consumer may wait for the change. */
const patienceMs = 60_000;

/** The annotation that a mirror of so and so many shards shows. */
export function annotationOf(shards: number): string {
  return `example.com/value-${shards}`;
}

/** Creates the mirror and the pod, and waits until the pod has the peer's file. */
export async function createContestant(
  surroundings: Surroundings,
  namespace: string,
  peers: number,
  shards: number,
): Promise<Contestant> {
  const { client } = surroundings;
  const name = `shards-${shards}`;
  const annotation = annotationOf(shards);
  const output = {
    peersPerShard: Math.ceil(peers / shards),
    maxShardSize: "1Mi",
    maxShards: 256,
    formats: [{ type: "Files" }, { type: "JSON", key: "peers.json" }],
  };
  const items = [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }];
  await client.create(
    metadataMirrors,
    mirrorOf({ namespace, name, annotation, refreshPolicy: "Immediate", items, output }),
  );
  let made = 0;
  await waitFor(surroundings, metadataMirrors, { namespace, name }, ({ status }) => {
    const { peerCount = 0, shardCount = 0 } = (status ?? {}) as { peerCount?: number; shardCount?: number };
    made = shardCount;
    return peerCount === peers;
  });
  const names = Array.from({ length: made }, (_, index) => (index === 0 ? name : `${name}-${index}`));
  const consumer: Consumer = await startConsumer(surroundings, {
    namespace,
    name: `${name}-consumer`,
    configMaps: names,
    key: valueKey(peer),
  });
  await consumer.untilSeen(0, patienceMs);

  let value = 0;
  let looks = 0;
  const shard = await shardOf(surroundings, namespace, names);
  return {
    shards: made,
    async change() {
      const { sentMs } = await change(surroundings, { namespace, name: peer, annotation }, ++value);
      await consumer.untilSeen(value, patienceMs);
      const seenMs = arrival(consumer.sightings, value);
      if (seenMs === undefined) throw new Error(`${consumer.name} has not seen ${value}`);
      return seenMs - sentMs;
    },
    async look() {
      const annotations = { "example.com/look": String(++looks) };
      await client.patch(pods, { namespace, name: consumer.name }, { metadata: { annotations } });
    },
    async shardBytes() {
      const path = resourcePath(configMaps, { namespace, name: shard });
      return Buffer.byteLength((await client.request({ path, as: "text" })) as string);
    },
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
}

async function shardOf({ client }: Surroundings, namespace: string, names: readonly string[]): Promise<string> {
  for (const name of names) {
    const { data = {} } = await client.get(configMaps, { namespace, name });
    if (valueKey(peer) in (data as object)) return name;
  }
  throw new Error(`${peer} is in none of ${names.join(", ")}`);
}
