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
  const part = interning<object>(JSON.stringify);
  return {
    // each by its name: V8 keeps the fields of an object that begins as a copy apart from it, which takes more
    pod: (pod) => ({
      namespace: text(pod.namespace),
      name: pod.name,
      uid: pod.uid,
      labels: part(pod.labels),
      annotations: pod.annotations,
      terminating: pod.terminating,
      nodeName: text(pod.nodeName),
      serviceAccountName: text(pod.serviceAccountName),
      phase: text(pod.phase),
      ready: text(pod.ready),
      hostIP: text(pod.hostIP),
      hostIPs: part(pod.hostIPs),
      podIP: pod.podIP,
      podIPs: pod.podIPs.map((ip) => (ip === pod.podIP ? pod.podIP : ip)),
      containers: part(pod.containers),
    }),
  };
}

/** A function that answers the first of those that have the same key. */
function interning<T>(keyOf: (value: T) => string): <S extends T>(value: S) => S {
  const known = new Map<string, T>();
  return <S extends T>(value: S): S => {
    const key = keyOf(value);
    const first = known.get(key);
    if (first !== undefined) return first as S;
    if (known.size >= remembered) known.clear();
    known.set(key, value);
    return value;
  };
}
