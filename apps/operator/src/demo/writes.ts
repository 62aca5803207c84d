import { type ApiClient, configMaps, pods, resourcePath } from "@metadata-mirror/api-client";
import pLimit from "p-limit";
import { metadataMirrors } from "../mirror/resources.ts";
import { mirrorName, namespace } from "./names.ts";
import { createPod, deletePod, type PodSketch } from "./sandbox.ts";

/** A change of the cluster, by the API. Rejects with an ApiError where the API server refuses it. */
export type Write = (client: ApiClient) => Promise<unknown>;

/** Requests under way at once. */
const concurrency = 16;

/** Creates pods, running and ready. */
export function createPods(sketches: readonly PodSketch[]): Write {
  return (client) => pLimit(concurrency).map(sketches, (sketch) => createPod(client, { ...sketch, namespace }));
}

/** Merges `patch` into a pod, but for its status. */
export function patchPod(name: string, patch: object): Write {
  return (client) => client.patch(pods, { namespace, name }, patch);
}

/** Merges `status` into that of a pod, in place of the kubelet. */
export function patchPodStatus(name: string, status: object): Write {
  return (client) => client.patch(pods, { namespace, name, subresource: "status" }, { status });
}

/** Deletes pods at once. */
export function deletePods(names: readonly string[]): Write {
  return (client) => pLimit(concurrency).map(names, (name) => deletePod(client, namespace, name));
}

/** Deletes all pods, also those that somebody else has made. */
export const deleteEveryPod: Write = async (client) => {
  for await (const { items } of client.list(pods, { namespace })) {
    await deletePods(items.map(({ metadata }) => metadata.name ?? ""))(client);
  }
};

function mirror(spec: object) {
  const { group, version, kind } = metadataMirrors;
  return { apiVersion: `${group}/${version}`, kind, metadata: { namespace, name: mirrorName }, spec };
}

/** Creates the MetadataMirror. */
export function createMirror(spec: object): Write {
  return (client) => client.create(metadataMirrors, mirror(spec));
}

/**
 * Creates nothing, but waits: in the first two seconds after a CRD is established the API server answers each creation only after
 * two more (`justCreated` in k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go).
 */
export function rehearseMirror(spec: object): Write {
  const path = resourcePath(metadataMirrors, { namespace });
  return (client) => client.request({ method: "POST", path, query: { dryRun: "All" }, body: mirror(spec) });
}

/** Several at once. */
export function together(...writes: readonly Write[]): Write {
  return (client) => Promise.all(writes.map((write) => write(client)));
}

/** Merges `patch` into the MetadataMirror. */
export function patchMirror(patch: object): Write {
  return (client) => client.patch(metadataMirrors, { namespace, name: mirrorName }, patch);
}

/** Merges `patch` into the first ConfigMap, as somebody would who edits it. */
export function patchConfigMap(patch: object): Write {
  return (client) => client.patch(configMaps, { namespace, name: mirrorName }, patch);
}

/** Deletes the first ConfigMap. */
export const deleteConfigMap: Write = (client) => client.delete(configMaps, { namespace, name: mirrorName });
