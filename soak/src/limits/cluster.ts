import type { Api } from "@metadata-mirror/bench";
import { mirrorLabel, ourVersion } from "../cluster/resources.ts";

/** The requests of the churn. What is gone already need not be deleted. */
export interface Cluster {
  create(path: string, body: string): Promise<void>;
  patch(path: string, body: object): Promise<void>;
  /** All of a collection, or one object, at once. */
  remove(path: string): Promise<void>;
  /** Ends a namespace that is being deleted. */
  finalize(namespace: string): Promise<void>;
  /** Namespace, name and labels of its objects. */
  list(path: string): Promise<readonly Meta[]>;
}

interface Meta {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export const paths = {
  pods: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
  configMaps: (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps`,
  mirrors: (namespace: string) => `/apis/${ourVersion}/namespaces/${namespace}/metadatamirrors`,
  grants: (namespace: string) => `/apis/${ourVersion}/namespaces/${namespace}/metadatagrants`,
  leases: (namespace: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
  nodes: "/api/v1/nodes",
  allPods: "/api/v1/pods",
  allMirrors: `/apis/${ourVersion}/metadatamirrors`,
  ourConfigMaps: `/api/v1/configmaps?labelSelector=${mirrorLabel}`,
};

/** It, by the API server. */
export function clusterOf(api: Api): Cluster {
  async function list(path: string): Promise<readonly Meta[]> {
    const { items } = JSON.parse(await api.send({ method: "GET", path })) as { items: { metadata: Meta }[] };
    return items.map(({ metadata }) => metadata);
  }
  return {
    async create(path, body) {
      await api.send({ method: "POST", path, body });
    },
    async patch(path, patch) {
      const body = JSON.stringify(patch);
      await api.send({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });
    },
    async remove(path) {
      const now = `${path}${path.includes("?") ? "&" : "?"}gracePeriodSeconds=0`;
      await api.send({ method: "DELETE", path: now }).catch((error: Error) => {
        if (!error.message.includes("HTTP 404")) throw error;
      });
    },
    async finalize(name) {
      const body = JSON.stringify({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name },
        spec: { finalizers: [] },
      });
      await api.send({ method: "PUT", path: `/api/v1/namespaces/${name}/finalize`, body });
    },
    list,
  };
}
