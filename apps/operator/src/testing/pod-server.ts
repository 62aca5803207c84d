import type { ApiClient, KubernetesObject, WatchEvent, WatchOptions } from "@metadata-mirror/api-client";
import { ApiError } from "@metadata-mirror/api-client";
import { fakeApi } from "./fake-api.ts";

/** One watch of pods, which goes on only when it is told to. */
interface PodWatch {
  readonly scope: string;
  readonly labelSelector: string;
  /** Answers what the watch waits for: the list that it has asked for, or the next event. It may wait for nothing, and nothing happens. */
  readonly go: () => void;
  /** Fails what it waits for: a list, or the stream, after which it lists anew. */
  readonly fail: () => void;
}

/** Pods of an API server, whose versions are numbered from 1 as they change. */
export interface PodServer {
  readonly client: ApiClient;
  /** Stores the pod in place of any of its name; its podIP is its version. */
  readonly put: (pod: KubernetesObject) => void;
  readonly end: (namespace: string, name: string) => void;
  /** The watches that have not ended. */
  readonly watches: () => readonly PodWatch[];
  /** The pods of the namespace as of a version. */
  readonly at: (version: number, namespace: string) => readonly KubernetesObject[];
  readonly version: () => number;
}

interface Version {
  readonly key: string;
  readonly pod: KubernetesObject;
  readonly ended: boolean;
}

/** None yet. */
export function podServer(): PodServer {
  const history: Version[] = [];
  const live = new Set<PodWatch>();

  function commit(pod: KubernetesObject, ended: boolean): void {
    const { metadata } = pod;
    const version = String(history.length + 1);
    const status = { phase: "Running", ...(pod["status"] as object), podIP: version };
    const stored = { ...pod, metadata: { ...metadata, resourceVersion: version }, status };
    history.push({ key: `${metadata.namespace}/${metadata.name}`, pod: stored, ended });
  }

  function standing(version: number): Map<string, KubernetesObject> {
    const pods = new Map<string, KubernetesObject>();
    for (const { key, pod, ended } of history.slice(0, version)) {
      if (ended) pods.delete(key);
      else pods.set(key, pod);
    }
    return pods;
  }

  async function* watch<T>(options: WatchOptions<T>): AsyncGenerator<WatchEvent<T>> {
    const { namespace: scope = "", labelSelector = "", fieldSelector = "", decode, signal, onFault } = options;
    const isSelected = (pod: KubernetesObject) =>
      (scope === "" || scope === pod.metadata.namespace) &&
      matches(labelSelector, pod.metadata.labels ?? {}) &&
      !fieldSelector.split(",").includes(`status.phase!=${(pod["status"] as { readonly phase: string }).phase}`);
    let answer: ((goesOn: boolean) => void) | undefined;
    const told = () =>
      new Promise<boolean>((resolve) => {
        answer = resolve;
        if (signal.aborted) resolve(false);
      });
    const respond = (goesOn: boolean) => {
      answer?.(goesOn && !signal.aborted);
      answer = undefined;
    };
    const handle = { scope, labelSelector, go: () => respond(true), fail: () => respond(false) };
    live.add(handle);
    signal.addEventListener("abort", () => {
      live.delete(handle);
      respond(false);
    });
    while (!signal.aborted) {
      yield { type: "init" };
      if (!(await told())) {
        onFault?.(new ApiError("unavailable", "the list failed"), 1);
        continue;
      }
      let version = history.length;
      for (const pod of standing(version).values()) {
        if (isSelected(pod)) yield { type: "initApply", object: decode(pod) };
      }
      // the last page, which may come much later and is of the same moment
      if (!(await told())) {
        onFault?.(new ApiError("unavailable", "the list failed"), 1);
        continue;
      }
      yield { type: "initDone", resourceVersion: String(version) };
      while (await told()) {
        const event = history[version];
        if (event === undefined) continue;
        const before = standing(version).get(event.key);
        version++;
        if (!event.ended && isSelected(event.pod)) yield { type: "apply", object: decode(event.pod) };
        // of a pod that is selected no longer, the last state that was, at the version of the event
        else if (before !== undefined && isSelected(before)) {
          const metadata = { ...before.metadata, resourceVersion: String(version) };
          yield { type: "delete", object: decode({ ...before, metadata }) };
        }
      }
      if (!signal.aborted) onFault?.(new ApiError("gone", "the stream is lost"), 1);
    }
  }

  return {
    client: { ...fakeApi().client, watch: (_, options) => watch(options) },
    put: (pod) => commit(pod, false),
    end(namespace, name) {
      const pod = standing(history.length).get(`${namespace}/${name}`);
      if (pod !== undefined) commit(pod, true);
    },
    watches: () => [...live],
    at: (version, namespace) => [...standing(version).values()].filter((pod) => pod.metadata.namespace === namespace),
    version: () => history.length,
  };
}

/** Whether labels are as the text of a selector says, as https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ reads. */
function matches(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return selector
    .split(/,(?![^(]*\))/)
    .filter((text) => text !== "")
    .every((text) => {
      const [, key = "", not, list = ""] = /^(\S+) (not)?in \((.*)\)$/.exec(text) ?? [];
      if (key !== "") return list.split(",").includes(labels[key] ?? "\0") !== (not === "not");
      if (text.startsWith("!")) return labels[text.slice(1)] === undefined;
      const [name = "", value] = text.split("=");
      return value === undefined ? labels[name] !== undefined : labels[name] === value;
    });
}
