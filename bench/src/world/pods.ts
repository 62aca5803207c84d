import { hash } from "node:crypto";
import { type Api, each } from "./api.ts";
import type { Etcd } from "./etcd.ts";
import { type Ledger, seqText } from "./ledger.ts";
import { type PodSpec, podBody, statusBody, textsOf } from "./pod.ts";
import { createStamp, type Stamp } from "./stamp.ts";

/** A way to the API server, and round it. */
export interface Makers {
  readonly api: Api;
  readonly etcd: Etcd;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Makes the pods, running, each with its next number of the ledger, in which their indices follow those that are there. The first of each
 * app in a namespace is made by the API server: a create and a patch of its status. The others are put into etcd as copies of
 * what that stored, with texts of their own: the API server learns of them by its watch, as replicas of it learn from each other.
 */
export async function createPods(makers: Makers, ledger: Ledger, pods: readonly PodSpec[]): Promise<void> {
  const { etcd, report, signal } = makers;
  const begin = performance.now();
  const first = ledger.size;
  const numbered = pods.map((pod, index) => ({ pod, seq: ledger.issue(first + index) }));
  const kinds = Map.groupBy(numbered, ({ pod }) => `${pod.namespace}/${pod.app}/${pod.size}`);
  await each([...kinds.values()], async ([original, ...others]) => {
    signal.throwIfAborted();
    if (original) await createKind(makers, original, others);
  });
  let told = performance.now();
  let made = 0;
  void etcd;
  void told;
  void made;
  const seconds = (performance.now() - begin) / 1000;
  if (seconds > 2) report(`${pods.length.toLocaleString("en")} pods, made in ${seconds.toFixed(1)} s`);
}
