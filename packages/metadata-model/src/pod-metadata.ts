import { group } from "./names.ts";
import { list, record, text, texts } from "./untrusted.ts";

/** The requests and limits of a container, from its spec: name of the resource → quantity as it is written there. */
export interface ContainerResources {
  readonly name: string;
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

/**
 * What a field path, a resource field or a filter can ask of a pod, and nothing more: it's kept in memory for every pod
 * that is watched. Text that the pod doesn't have is "". Look up keys of `labels` and `annotations` with `Object.hasOwn`.
 */
export interface PodMetadata {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Without ours, `metadatamirror.dev/*`: each refresh of a pod changes them, and would make the next one if it were a peer of itself. */
  readonly annotations: Readonly<Record<string, string>>;
  /** It has a deletionTimestamp. */
  readonly terminating: boolean;
  /** "" until it's bound to a node. */
  readonly nodeName: string;
  readonly serviceAccountName: string;
  readonly phase: string;
  /** Status of the PodReady condition: "True", "False" or "Unknown", "" where there is none. */
  readonly ready: string;
  readonly hostIP: string;
  readonly hostIPs: readonly string[];
  readonly podIP: string;
  readonly podIPs: readonly string[];
  /** `spec.containers`, then `spec.initContainers`: the order in which the kubelet looks a name up. */
  readonly containers: readonly ContainerResources[];
}

/**
 * The metadata of an object of the API's kind Pod, which may share its maps. Odd shapes are taken for missing ones;
 * only a pod without `metadata.name`, `namespace` or `uid` is a TypeError, since it can't come from an API server.
 */
export function podMetadata(pod: unknown): PodMetadata {
  const { metadata: rawMetadata, spec: rawSpec, status: rawStatus } = record(pod);
  const metadata = record(rawMetadata);
  const spec = record(rawSpec);
  const status = record(rawStatus);
  return {
    ...podIdentity(metadata),
    labels: texts(metadata["labels"]),
    annotations: withoutOurs(texts(metadata["annotations"])),
    terminating: text(metadata["deletionTimestamp"]) !== "",
    nodeName: text(spec["nodeName"]),
    serviceAccountName: text(spec["serviceAccountName"]),
    phase: text(status["phase"]),
    ready: readiness(status["conditions"]),
    hostIP: text(status["hostIP"]),
    hostIPs: addresses(status["hostIPs"]),
    podIP: text(status["podIP"]),
    podIPs: addresses(status["podIPs"]),
    containers: [...list(spec["containers"]), ...list(spec["initContainers"])].map(containerResources),
  };
}

/** Which pod it is, by its `metadata`. @throws TypeError where that is not of an API server. */
export function podIdentity(metadata: Readonly<Record<string, unknown>>) {
  const namespace = text(metadata["namespace"]);
  const name = text(metadata["name"]);
  const uid = text(metadata["uid"]);
  if (namespace === "" || name === "" || uid === "") {
    throw new TypeError(
      `not a pod of an API server: namespace "${namespace}", name "${name}", uid "${uid}", none may be empty`,
    );
  }
  return { namespace, name, uid };
}

function withoutOurs(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const isOurs = (key: string) => key.startsWith(`${group}/`);
  if (!Object.keys(annotations).some(isOurs)) return annotations;
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !isOurs(key)));
}

function readiness(conditions: unknown): string {
  const ready = list(conditions).find((condition) => record(condition)["type"] === "Ready");
  return text(record(ready)["status"]);
}

function addresses(ips: unknown): string[] {
  return list(ips).map((ip) => text(record(ip)["ip"]));
}

function containerResources(container: unknown): ContainerResources {
  const { name, resources } = record(container);
  const { requests, limits } = record(resources);
  return { name: text(name), requests: texts(requests), limits: texts(limits) };
}
