import type { PodMetadata } from "./pod-metadata.ts";

/** Shares what pods have in common, so that it is in memory once. */
export interface Interner {
  /** The same pod, made of parts that equal parts of earlier pods where there were such. */
  readonly pod: (pod: PodMetadata) => PodMetadata;
}

/**
 * How many parts of each kind are remembered. Pods of one workload have labels and containers in common, pods of one node its name and
 * address: a cluster has some thousands of either. Where there are more, it begins anew, and only what comes after is shared.
 */
const remembered = 20_000;

/** An interner that has seen nothing. */
export function createInterner(): Interner {
  const text = interning((value: string) => value);
  // each by itself: what is compared with the last is to be of its kind
  const labels = interning<PodMetadata["labels"]>(JSON.stringify);
  const addresses = interning<PodMetadata["hostIPs"]>(JSON.stringify);
  const containers = interning<PodMetadata["containers"]>(JSON.stringify);
  return {
    // each by its name: V8 keeps the fields of an object that begins as a copy apart from it, which takes more
    pod: (pod) => ({
      namespace: text(pod.namespace),
      name: pod.name,
      uid: pod.uid,
      labels: labels(pod.labels),
      annotations: pod.annotations,
      terminating: pod.terminating,
      nodeName: text(pod.nodeName),
      serviceAccountName: text(pod.serviceAccountName),
      phase: text(pod.phase),
      ready: text(pod.ready),
      hostIP: text(pod.hostIP),
      hostIPs: addresses(pod.hostIPs),
      podIP: pod.podIP,
      podIPs: pod.podIPs.map((ip) => (ip === pod.podIP ? pod.podIP : ip)),
      containers: containers(pod.containers),
    }),
  };
}

/** A function that answers the first of those that have the same key. */
function interning<T>(keyOf: (value: T) => string): <S extends T>(value: S) => S {
  const known = new Map<string, T>();
  let last: T | undefined;
  return <S extends T>(value: S): S => {
    // pods of one workload come one after another, and a key is a text to be made
    if (last !== undefined && isSame(last, value)) return last as S;
    const key = keyOf(value);
    const first = known.get(key) ?? value;
    if (first === value && known.size >= remembered) known.clear();
    known.set(key, first);
    last = first;
    return first as S;
  };
}

/** Whether two values of JSON are the same, in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isCompound(a) || !isCompound(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return keys.length === others.length && keys.every((key, at) => key === others[at] && isSame(a[key], b[key]));
}

function isCompound(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
