import type { KubernetesObject } from "@metadata-mirror/api-client";
import {
  type ConfigMapState,
  type Consumer,
  configMapState,
  consumerOf,
  group,
  type MetadataGrant,
  type MetadataMirror,
  metadataGrant,
  metadataMirror,
  mirrorLabel,
  type PodMetadata,
  podMetadata,
  version,
} from "@metadata-mirror/metadata-model";
import { digest } from "../mirror/digest.ts";

// For unit tests: objects as the API server answers them, and as the operator keeps them. All are of the namespace `shop` by default.

/** What a test says of a pod; it runs and is labelled `app: web` by default. */
export interface PodSketch {
  readonly namespace?: string;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly podIP?: string;
  readonly phase?: string;
  readonly nodeName?: string;
  /** Names of the ConfigMaps that its container mounts. */
  readonly mounts?: readonly string[];
  readonly uid?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Merged into the spec. */
  readonly spec?: object;
}

/** The pod of `sketch`, as the API server answers it; its uid is its name by default. */
export function podObject({
  namespace = "shop",
  name = "web-0",
  labels = { app: "web" },
  podIP = "10.0.0.1",
  phase = "Running",
  nodeName = "node-1",
  mounts = [],
  uid = name,
  annotations = {},
  spec = {},
}: PodSketch = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, uid, labels, annotations },
    spec: {
      nodeName,
      containers: [{ name: "main", volumeMounts: mounts.map((of) => ({ name: of, mountPath: `/${of}` })) }],
      volumes: mounts.map((of) => ({ name: of, configMap: { name: of } })),
      ...spec,
    },
    status: { phase, podIP },
  };
}

/** The pod of `sketch`, trimmed as the operator keeps it. */
export function pod(sketch: PodSketch = {}): PodMetadata {
  return podMetadata(podObject(sketch));
}

/** The same pod as a consumer of ConfigMaps. */
export function consumer(sketch: PodSketch = {}): Consumer {
  return consumerOf(podObject(sketch));
}

/** What a test says of a mirror. */
export interface MirrorSketch {
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly generation?: number;
  /** Merged into the spec, which is that of the pods labelled `app: web`, each with its IP. */
  readonly spec?: object;
  readonly status?: object;
}

/** The mirror of `sketch`, as the API server answers it. */
export function mirrorObject({
  namespace = "shop",
  name = "web-peers",
  uid = `uid-of-${name}`,
  generation = 1,
  spec = {},
  status = {},
}: MirrorSketch = {}): KubernetesObject {
  return {
    apiVersion: `${group}/${version}`,
    kind: "MetadataMirror",
    metadata: { namespace, name, uid, generation },
    spec: {
      peers: { selector: { matchLabels: { app: "web" } } },
      items: [{ path: "ip", fieldRef: { fieldPath: "status.podIP" } }],
      ...spec,
    },
    status,
  };
}

/** The mirror of `sketch`, trimmed as the operator keeps it. */
export function mirror(sketch: MirrorSketch = {}): MetadataMirror {
  return metadataMirror(mirrorObject(sketch));
}

/** A grant of `namespace` that lets mirrors of `from` see all fields that `fieldPaths` names of all its pods. */
export function grant(
  namespace: string,
  from: readonly string[],
  fieldPaths: readonly string[] = ["metadata.name"],
): MetadataGrant {
  return metadataGrant({
    metadata: { namespace, name: "to-peers" },
    spec: { from: from.map((name) => ({ namespace: name })), selector: {}, fields: { fieldPaths } },
  });
}

/** What a test says of a ConfigMap. */
export interface ConfigMapSketch {
  readonly namespace?: string;
  readonly name?: string;
  /** The value of the label `metadatamirror.dev/mirror`; without it there is none. */
  readonly label?: string;
  /** The mirror that it belongs to. */
  readonly owner?: MetadataMirror;
  readonly data?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

/** The ConfigMap of `sketch`, as somebody creates it. */
export function configMapObject({
  namespace = "shop",
  name = "web-peers",
  label,
  owner,
  data = {},
  deletionTimestamp,
}: ConfigMapSketch = {}): KubernetesObject {
  const controller = owner && {
    apiVersion: `${group}/${version}`,
    kind: "MetadataMirror",
    name: owner.name,
    uid: owner.uid,
    controller: true,
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      namespace,
      name,
      ...(label !== undefined && { labels: { [mirrorLabel]: label } }),
      ...(controller !== undefined && { ownerReferences: [controller] }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    data,
  };
}

/** The ConfigMap of `sketch`, trimmed as the operator keeps it. */
export function configMap(sketch: ConfigMapSketch = {}): ConfigMapState {
  const { metadata, ...rest } = configMapObject(sketch);
  return configMapState({ ...rest, metadata: { uid: "1", resourceVersion: "1", ...metadata } }, digest);
}
