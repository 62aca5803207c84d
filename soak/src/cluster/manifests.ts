import type { KubernetesObject } from "@metadata-mirror/api-client";
import { formats } from "../world/format.ts";
import type { Grant } from "../world/grant.ts";
import { isResource, items } from "../world/item.ts";
import type { Mirror } from "../world/mirror.ts";
import { container, noteAnnotation, type Pod } from "../world/pod.ts";
import { labelSelector } from "../world/selector.ts";
import type { Stranger } from "../world/stranger.ts";
import { mirrorLabel, ourVersion } from "./resources.ts";

export function podManifest({ namespace, name, labels, note, node, cpuRequest, cpuLimit }: Pod): KubernetesObject {
  const resources = {
    requests: { cpu: `${cpuRequest}m` },
    ...(cpuLimit !== undefined && { limits: { cpu: String(cpuLimit) } }),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels, annotations: { [noteAnnotation]: note } },
    spec: { ...(node !== "" && { nodeName: node }), containers: [{ name: container, image: "soak", resources }] },
  };
}

/** What a kubelet says of the pod, as a merge patch. */
export function podStatus({ phase, ready, ip }: Pod): object {
  const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
  return { status: { phase, conditions, podIP: ip || null, podIPs: ip === "" ? null : [{ ip }] } };
}

export function mirrorSpec({ name, configMap, selector, include, namespaces, ...mirror }: Mirror): object {
  return {
    peers: { selector: labelSelector(selector), include, ...(namespaces !== undefined && { namespaces }) },
    items: mirror.items.map((path) => ({ path, ...items[path].ref })),
    output: {
      ...(configMap !== name && { configMapName: configMap }),
      peersPerShard: mirror.peersPerShard,
      formats: mirror.formats.map((format) => formats[format].spec),
    },
  };
}

export function mirrorManifest(mirror: Mirror): KubernetesObject {
  const { namespace, name } = mirror;
  return { apiVersion: ourVersion, kind: "MetadataMirror", metadata: { namespace, name }, spec: mirrorSpec(mirror) };
}

export function grantSpec({ from, selector, fields }: Grant): object {
  const fieldPaths = fields.filter((field) => !isResource(field));
  const resources = fields.filter(isResource);
  return {
    from: from.map((namespace) => ({ namespace })),
    selector: labelSelector(selector),
    fields: { ...(fieldPaths.length > 0 && { fieldPaths }), ...(resources.length > 0 && { resources }) },
  };
}

export function grantManifest(grant: Grant): KubernetesObject {
  const { namespace, name } = grant;
  return { apiVersion: ourVersion, kind: "MetadataGrant", metadata: { namespace, name }, spec: grantSpec(grant) };
}

export function strangerManifest({ namespace, name, guise }: Stranger): KubernetesObject {
  const owner = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: "somebody",
    uid: "00000000-0000-4000-8000-000000000000",
    controller: true,
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      namespace,
      name,
      ...(guise === "other mirror's label" && { labels: { [mirrorLabel]: "somebody" } }),
      ...(guise === "other controller" && { ownerReferences: [owner] }),
    },
    data: { "somebody.txt": guise, web_podIP: "192.0.2.1" },
  };
}

/** A node, of which there is nothing but what it can allocate. */
export function nodeManifest(name: string): KubernetesObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name } };
}

/** As a merge patch. */
export function nodeStatus(cpus: number): object {
  const cpu = String(cpus);
  return { status: { capacity: { cpu }, allocatable: { cpu } } };
}
