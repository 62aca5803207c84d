import { randomUUID } from "node:crypto";
import { type Api, each } from "./api.ts";
import type { Etcd } from "./etcd.ts";
import { type Ledger, seqText } from "./ledger.ts";
import { type PodSpec, podBody, statusBody, textsOf } from "./pod.ts";
import { createStamp } from "./stamp.ts";

/** A way to the API server, and one round it. */
export interface Makers {
  readonly api: Api;
  readonly etcd: Etcd;
}

/** A pod with its first number of the ledger. */
interface Numbered {
  readonly pod: PodSpec;
  readonly seq: number;
}

/**
 * Makes the pods, running, each with its next number of the ledger, in which their indices follow those that are there. The first of each
 * app in a namespace is made by the API server. The others are put into etcd as copies of what that stored, with texts of their own, which
 * takes a tenth of the time: the API server learns of them by its watch, as replicas of it learn of each other's.
 */
export async function createPods(makers: Makers, ledger: Ledger, pods: readonly PodSpec[]): Promise<void> {
  const first = ledger.size;
  const numbered = pods.map((pod, index) => ({ pod, seq: ledger.issue(first + index) }));
  const kinds = Map.groupBy(numbered, ({ pod }) => `${pod.namespace}/${pod.app}`);
  for (const [original, ...others] of kinds.values()) if (original) await createKind(makers, original, others);
}

async function createKind({ api, etcd }: Makers, original: Numbered, others: readonly Numbered[]): Promise<void> {
  const { pod, seq } = original;
  const uid = await createPod(api, pod, seq);
  if (others.length === 0) return;
  const stamp = createStamp(await etcd.get(keyOf(pod)), textsOf(pod, seq, uid));
  await each(others, ({ pod: other, seq: own }) => etcd.put(keyOf(other), stamp(textsOf(other, own, randomUUID()))));
}

/** Makes one pod, running, by the API server; answers its UID. */
export async function createPod(api: Api, pod: PodSpec, seq: number): Promise<string> {
  const path = `/api/v1/namespaces/${pod.namespace}/pods`;
  const made = JSON.parse(await api.send({ method: "POST", path, body: podBody(pod, seq) })) as {
    readonly metadata: { readonly uid: string };
  };
  await patch(api, `${pathOf(pod)}/status`, statusBody(pod));
  return made.metadata.uid;
}

/** Takes the pods out of etcd, as fast as they were put there. */
export async function removePods({ etcd }: Pick<Makers, "etcd">, pods: readonly PodSpec[]): Promise<void> {
  await each(pods, (pod) => etcd.remove(keyOf(pod)));
}

/** Where the API server has it in etcd. */
function keyOf({ namespace, name }: PodSpec): string {
  return `/registry/pods/${namespace}/${name}`;
}

/** Gives the pod its number of the ledger, by one patch. It counts as sent at the moment before. */
export async function changePod(api: Api, ledger: Ledger, pod: PodSpec, seq: number): Promise<void> {
  const body = JSON.stringify({ metadata: { annotations: { "bench/seq": seqText(seq) } } });
  ledger.sent(seq, performance.now());
  await patch(api, pathOf(pod), body);
}

function pathOf({ namespace, name }: PodSpec): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

async function patch(api: Api, path: string, body: string): Promise<void> {
  await api.send({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });
}
