import { type Api, each } from "./api.ts";
import { type Ledger, seqText } from "./ledger.ts";
import { type PodSpec, podBody, statusBody } from "./pod.ts";

/** Makes the pods, running, each with its first number of the ledger: the index of a pod is its place in the list. */
export async function createPods(
  api: Api,
  ledger: Ledger,
  pods: readonly PodSpec[],
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const first = ledger.size;
  const seqs = pods.map((_, index) => ledger.issue(first + index));
  const begin = performance.now();
  let told = begin;
  let made = 0;
  await each(pods, async (pod, index) => {
    signal.throwIfAborted();
    const body = podBody(pod, seqs[index] ?? 0);
    await api.send({ method: "POST", path: `/api/v1/namespaces/${pod.namespace}/pods`, body });
    await patch(api, `${pathOf(pod)}/status`, statusBody(pod));
    made += 1;
    if (performance.now() - told < 5_000) return;
    told = performance.now();
    report(`${made} of ${pods.length} pods are made`);
  });
  const seconds = (performance.now() - begin) / 1000;
  if (seconds > 2) report(`${pods.length} pods, made in ${seconds.toFixed(1)} s`);
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
