import { type KubernetesObject, pods, type Resource } from "@metadata-mirror/api-client";
import type { Surroundings } from "./surroundings.ts";

export const metadataMirrors: Resource = {
  group: "metadatamirror.dev",
  version: "v1alpha1",
  plural: "metadatamirrors",
  kind: "MetadataMirror",
  namespaced: true,
};

/** The path under which a mirror has the value of a peer. */
const valuePath = "value";

/** The key that has the value of the peer. */
export function valueKey(peer: string): string {
  return `${peer}_${valuePath}`;
}

/** A running pod that {@link mirrorOf} has as a peer; its value is 0. */
export function peerPod({ namespace, name, annotation }: Peer): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels: { app: "peer" }, annotations: { [annotation]: "0" } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "main", image: "busybox:1.37", command: ["sleep", "infinity"] }],
    },
  };
}

export interface Peer {
  readonly namespace: string;
  readonly name: string;
  /** The annotation that is its value. */
  readonly annotation: string;
}

export interface Change {
  readonly value: number;
  /** When the patch of the peer was sent, and when it was answered: milliseconds since the epoch. */
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** Changes the value of a peer. */
export async function change(
  { client, clock }: Surroundings,
  { namespace, name, annotation }: Peer,
  value: number,
): Promise<Change> {
  const sentMs = clock.now();
  await client.patch(pods, { namespace, name }, { metadata: { annotations: { [annotation]: String(value) } } });
  return { value, sentMs, answeredMs: clock.now() };
}

export interface MirrorOptions {
  readonly namespace: string;
  readonly name: string;
  /** The annotation of a peer that is its value. */
  readonly annotation: string;
  readonly refreshPolicy: "Immediate" | "KubeletSync";
  /** Beside the value. */
  readonly items?: readonly unknown[];
  readonly output?: Readonly<Record<string, unknown>>;
}

/** A mirror of all pods that are labelled `app: peer`, whether they run or not. */
export function mirrorOf({
  namespace,
  name,
  annotation,
  refreshPolicy,
  items = [],
  output = {},
}: MirrorOptions): KubernetesObject {
  return {
    apiVersion: "metadatamirror.dev/v1alpha1",
    kind: "MetadataMirror",
    metadata: { namespace, name },
    spec: {
      peers: { selector: { matchLabels: { app: "peer" } }, include: "All" },
      items: [{ path: valuePath, fieldRef: { fieldPath: `metadata.annotations['${annotation}']` } }, ...items],
      output,
      consumers: { refreshPolicy },
    },
  };
}
