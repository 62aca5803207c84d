import { configMaps, pods } from "@metadata-mirror/api-client";
import { type Consumer, isReady, startConsumer } from "../evidence/consumer.ts";
import { machineOf } from "../evidence/machine.ts";
import { inNamespace, waitFor } from "../evidence/namespace.ts";
import { expectOneClock } from "../evidence/one-clock.ts";
import { type Change, change, metadataMirrors, mirrorOf, peerPod, valueKey } from "../evidence/peer.ts";
import { arrival, type Sighting } from "../evidence/sighting.ts";
import { watchKey } from "../evidence/stored.ts";
import type { Surroundings } from "../evidence/surroundings.ts";
import { type Gaps, pauses } from "./gaps.ts";
import { latencies } from "./latency.ts";

export interface FreshnessOptions {
  /** How many changes come apart from each other. */
  readonly changes: number;
  /** How many then come in quick succession; 0 leaves that out. */
  readonly burst: number;
  /** How many pods wait for their kubelet's own time; 0 leaves them out. */
  readonly kubeletSync: number;
  readonly seed: number;
}

/** Latencies of each change in milliseconds, in its order; of KubeletSync those of the first pod first. */
export interface FreshnessResult {
  /** What it was measured on. */
  readonly machine: string;
  readonly seed: number;
  /** Sending the peer's change → its answer. */
  readonly answer: readonly number[];
  /** Sending the peer's change → a watch shows the ConfigMap that has it. */
  readonly configMap: readonly number[];
  /** Sending the peer's change → a running consumer reads it in its file. */
  readonly immediate: readonly number[];
  readonly burst: readonly number[];
  readonly kubeletSync: readonly number[];
}

/**
 * A pod is patched at most once a second, so a change that comes sooner after the last one waits for its turn: these don't. Up to
 * 2.5 s, so that they come before, with and after the second patch that follows a burst by 2 s.
 */
export const apart: Gaps = { leastMs: 1_000, mostMs: 2_500 };
/** These do. */
export const quick: Gaps = { leastMs: 100, mostMs: 1_000 };

const peer = "peer-0";
const annotation = "example.com/value";
/** The kubelet looks at a pod every 60 to 90 s by itself (workQueue.Enqueue of syncFrequency, jittered by a half, in pkg/kubelet/pod_workers.go). */
const kubeletSyncMs = 180_000;
const immediateMs = 30_000;

/**
 * Measures from the change of a peer to the file in a running consumer, on a cluster with the operator in it: the same changes of the
 * same pod for a mirror of each policy, which have ConfigMaps and consumers of their own.
 */
export async function measureFreshness(
  surroundings: Surroundings,
  options: FreshnessOptions,
): Promise<FreshnessResult> {
  await expectOneClock(surroundings);
  return inNamespace(surroundings, "freshness", async (namespace) => {
    await using stack = new AsyncDisposableStack();
    const { client } = surroundings;
    await client.create(pods, peerPod({ namespace, name: peer, annotation }));
    await waitFor(surroundings, pods, { namespace, name: peer }, isReady);
    const consumers = async (name: string, refreshPolicy: "Immediate" | "KubeletSync", count: number) => {
      await client.create(metadataMirrors, mirrorOf({ namespace, name, annotation, refreshPolicy }));
      await waitFor(surroundings, configMaps, { namespace, name }, () => true);
      const started = Array.from({ length: count }, async (_, index) =>
        stack.use(
          await startConsumer(surroundings, {
            namespace,
            name: `${name}-${index}`,
            configMaps: [name],
            key: valueKey(peer),
          }),
        ),
      );
      return Promise.all(started);
    };
    const [immediate] = await consumers("immediate", "Immediate", 1);
    const waiting = options.kubeletSync > 0 ? await consumers("kubelet-sync", "KubeletSync", options.kubeletSync) : [];
    if (immediate === undefined) throw new Error("no consumer was started");
    for (const consumer of [immediate, ...waiting]) await consumer.untilSeen(0, kubeletSyncMs);
    const stored = stack.use(watchKey(surroundings, { namespace, name: "immediate" }, valueKey(peer)));
    return await measure(surroundings, options, { namespace, immediate, waiting, stored: stored.sightings });
  });
}

interface Scene {
  readonly namespace: string;
  readonly immediate: Consumer;
  readonly waiting: readonly Consumer[];
  readonly stored: readonly Sighting[];
}

async function measure(
  surroundings: Surroundings,
  { changes, burst, seed }: FreshnessOptions,
  { namespace, immediate, waiting, stored }: Scene,
): Promise<FreshnessResult> {
  const { host, clock, report } = surroundings;
  const makeChanges = async (first: number, count: number, gaps: Gaps): Promise<readonly Change[]> => {
    const made: Change[] = [];
    for (const pauseMs of pauses(count, gaps, seed)) {
      await clock.sleep(pauseMs, host.signal);
      host.signal.throwIfAborted();
      made.push(await change(surroundings, { namespace, name: peer, annotation }, first + made.length));
      report(`change ${made.length} of ${count}`);
    }
    await immediate.untilSeen(first + count - 1, immediateMs);
    return made;
  };
  const single = await makeChanges(1, changes, apart);
  // the patch that follows a burst by 2 s has gone too
  await clock.sleep(3_000, host.signal);
  const quickly = burst > 0 ? await makeChanges(1 + changes, burst, quick) : [];
  for (const consumer of waiting) {
    if (arrival(consumer.sightings, changes) === undefined)
      report(`waiting for the kubelet to look at ${consumer.name}`);
    await consumer.untilSeen(changes, kubeletSyncMs);
  }
  return {
    machine: await machineOf(surroundings),
    seed,
    answer: single.map(({ sentMs, answeredMs }) => answeredMs - sentMs),
    configMap: latencies(single, stored),
    immediate: latencies(single, immediate.sightings),
    burst: latencies(quickly, immediate.sightings),
    kubeletSync: waiting.flatMap(({ sightings }) => latencies(single, sightings)),
  };
}
