import { ourVersion } from "../cluster/resources.ts";
import type { Seat } from "./stage.ts";

const item = (path: string, fieldPath: string) => ({ path, fieldRef: { fieldPath } });

/** The specs of the kinds of mirrors, but for whose peers they have. */
const specs = {
  document: {
    items: [
      item("name", "metadata.name"),
      item("podIP", "status.podIP"),
      item("labels", "metadata.labels"),
      item("note", "metadata.annotations['bench/note']"),
    ],
    output: { formats: [{ type: "JSON", key: "peers.json" }] },
  },
  files: { items: [item("podIP", "status.podIP"), item("release", "metadata.labels['release']")] },
  hosts: { items: [item("podIP", "status.podIP")], output: { formats: [{ type: "Hosts", key: "hosts" }] } },
  across: {
    items: [item("name", "metadata.name")],
    output: { formats: [{ type: "JSON", key: "names.json" }] },
  },
};

/** A mirror for the seat, as JSON. */
export function mirrorBody({ namespace, app, kind, other }: Seat, name: string): string {
  const namespaces = kind === "across" ? { namespaces: [namespace, other] } : {};
  const peers = { selector: { matchLabels: { app } }, ...namespaces };
  return body(namespace, name, { peers, ...specs[kind] });
}

/** Of the pods of an app, in the ConfigMap `configMap`; it tells those who mount that of changes. */
export function toldMirrorBody(namespace: string, name: string, app: string, configMap: string): string {
  return body(namespace, name, {
    peers: { selector: { matchLabels: { app } } },
    items: [item("podIP", "status.podIP")],
    consumers: { refreshPolicy: "Immediate" },
    output: { configMapName: configMap },
  });
}

/** What lets the mirrors of the namespace `to` see names of pods here. */
export function grantBody(namespace: string, name: string, to: string): string {
  const fields = { fieldPaths: ["metadata.name", "metadata.labels", "status.phase"] };
  const spec = { from: [{ namespace: to }], selector: {}, fields };
  return JSON.stringify({ apiVersion: ourVersion, kind: "MetadataGrant", metadata: { namespace, name }, spec });
}

function body(namespace: string, name: string, spec: object): string {
  return JSON.stringify({ apiVersion: ourVersion, kind: "MetadataMirror", metadata: { namespace, name }, spec });
}
