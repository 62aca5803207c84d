/** A MetadataMirror that does the job of the contestants: the same line for each pod of an app. */
export interface MirrorSpec {
  readonly namespace: string;
  readonly app: string;
  /** Its name, and so the base name of its ConfigMaps. */
  readonly name: string;
  readonly peersPerShard?: number;
}

/** It as JSON, to be created. */
export function mirrorBody({ namespace, app, name, peersPerShard = 50 }: MirrorSpec): string {
  const item = (path: string, fieldPath: string) => ({ path, fieldRef: { fieldPath } });
  return JSON.stringify({
    apiVersion: "metadatamirror.dev/v1alpha1",
    kind: "MetadataMirror",
    metadata: { namespace, name },
    spec: {
      peers: { selector: { matchLabels: { app } }, include: "Running" },
      items: [
        item("name", "metadata.name"),
        item("uid", "metadata.uid"),
        item("podIP", "status.podIP"),
        item("hostIP", "status.hostIP"),
        item("nodeName", "spec.nodeName"),
        item("labels", "metadata.labels"),
        item("seq", "metadata.annotations['bench/seq']"),
        item("note", "metadata.annotations['bench/note']"),
      ],
      output: { formats: [{ type: "JSON", key: "peers.json" }], peersPerShard, maxShards: 256 },
    },
  });
}
